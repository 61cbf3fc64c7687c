"""The image installs another version of a package than the lock file or the local environment has.

## Why it matters

What was tried on the developer's machine is not what runs: two files say which version to take, and only one of them is
read by the image.

## Example

```dockerfile
FROM python:3.12-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY shop shop
CMD ["python", "-m", "shop"]
```

with `pydantic==1.10.13` in `requirements.txt`, and `pydantic` 2.11 in `uv.lock`, which the developers' environments are
made from.

## How to fix it

Let the image install from the lock file (`uv sync --frozen`, `poetry install`), or write the requirements from it
(`uv export`, `pip-compile`), in one place only.

## When it is not reported

- The image installs from the lock file itself.
- The versions that a requirement allows include the other one.
- The start-up does not import the distribution.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Finding, Severity
from parity.packages.dependencies import Verdict
from parity.remedies.packages.groups import drifted
from parity.rules.base import Rule
from parity.rules.packages import finding_about


def check(analysis: Analysis) -> Iterator[Finding]:
    for one in analysis.dependencies:
        if one.verdict is Verdict.DRIFTED and one.declared is not None:
            told = one.declared
            version, place, whose = one.other
            wanted = f"{told.name} {told.version}" if told.version else f"{told.name}{told.specifier}"
            at = f" ({place})" if place else ""
            yield finding_about(
                rule,
                one,
                f"the image installs {wanted}, and {whose} has {version}{at}",
                fix="install from one of the two, and generate the other from it",
                remedies=tuple(drifted(analysis, one)),
                severity=Severity.WARNING,
                fails=False,
                cause=Cause(CauseKind.NOT_INSTALLED, f"{wanted} is asked for here", told.location),
            )


rule = Rule("PAR204", "version-drift", Severity.WARNING, check)
