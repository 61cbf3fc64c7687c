"""The start-up imports a distribution that is installed only because another one needs it.

## Why it matters

It works until that other distribution no longer needs it: an upgrade elsewhere then breaks the start-up, and nothing in
the project's own declarations has changed.

## Example

```python
# shop/__main__.py
import requests  # declared in pyproject.toml
import urllib3  # in the lock file, for requests alone
```

## How to fix it

Declare what is imported, with the versions that it works with.

## When it is not reported

- The image installs from no lock file: what else is installed is then not known for certain.
- The distribution is declared, or an import of it stands in a `try` that catches its failure.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Finding, Severity
from parity.packages.dependencies import Verdict
from parity.rules.base import Rule
from parity.rules.packages import finding_about, subject


def check(analysis: Analysis) -> Iterator[Finding]:
    for one in analysis.dependencies:
        if one.verdict is Verdict.NEEDED:
            name = one.distributions[0]
            yield finding_about(
                rule,
                one,
                f"{one.imported.name} is imported, and {subject(one, name)} is installed only because another "
                "package needs it",
                fix=f"declare {name}",
                severity=Severity.INFO,
                fails=False,
            )


rule = Rule("PAR203", "transitive-dependency", Severity.INFO, check)
