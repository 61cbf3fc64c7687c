"""A module or name of the standard library, or syntax, that the image's Python does not have.

## Why it matters

The Python on the developer's machine is often a newer one than the image's. What came with it works there and fails in
the container, as does what a newer image no longer has.

## Example

```dockerfile
FROM python:3.10-slim
WORKDIR /app
COPY . .
CMD ["python", "-m", "shop"]
```

`import tomllib` needs Python 3.11. The container says

```text
ModuleNotFoundError: No module named 'tomllib'
```

So does `import imp` under Python 3.12. `from typing import Self` needs Python 3.11. Syntax that is too new is a
`SyntaxError`: `class Box[T]:` needs Python 3.12.

## How to fix it

Take a base image with a Python that has it, or write it in a way that both read. For modules there is often a package
to install instead (`tomli`), imported where the standard one is missing:

```python
try:
    import tomllib
except ModuleNotFoundError:
    import tomli as tomllib
```

## When it is not reported

- The version of the image's Python is not known: say it with `--python 3.10`. Of a tag that names none
  (`python:slim`), the newest version is assumed, and the finding is `likely`.
- A handler takes the error and goes on, or a test of `sys.version_info` keeps the import from running.

Syntax that only a function's import leads to, which the start-up does not call, is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Finding, Severity
from parity.packages.dependencies import Verdict
from parity.remedies.dockerfile.base_image import other_python
from parity.rules.base import Rule
from parity.rules.packages import finding_about
from parity.startup.state.failures import FailureKind


def check(analysis: Analysis) -> Iterator[Finding]:
    later = [(None, deferred.failure) for deferred in analysis.deferred]
    for startup, failure in (*analysis.failures(), *later):
        told = failure.root
        if told.kind is FailureKind.OTHER_VERSION:
            message = f"{told.module} is not in the standard library of Python {analysis.python}"
            cause = Cause(CauseKind.PYTHON_VERSION, f"{told.module} is part of Python {told.name}")
            fix, versions = f"use a base image with Python {told.name}, or another module", told.name
        elif told.kind is FailureKind.SYNTAX and told.name:
            message = f"{told.module} does not compile under Python {analysis.python}: {told.text}"
            cause = Cause(CauseKind.PYTHON_VERSION, told.name, told.place)
            fix, versions = f"{told.name}: use a newer base image, or write it in the older way", told.name
        else:
            continue
        yield rule.finding_of(
            analysis,
            startup,
            failure,
            message,
            cause=cause,
            fix=fix,
            remedies=tuple(other_python(analysis, versions)),
            severity=None if startup else Severity.WARNING,
        )
    for one in analysis.dependencies:
        if one.verdict is Verdict.OTHER_VERSION:
            versions = one.other[0]
            yield finding_about(
                rule,
                replace(one, certain=one.certain and analysis.assumed is None),
                f"{one.imported.name} is not in the standard library of Python {analysis.python}",
                fix=f"use a base image with Python {versions}, or another module",
                remedies=tuple(other_python(analysis, versions)),
                severity=Severity.WARNING if one.may_hold else Severity.ERROR,
                fails=True,
                cause=Cause(CauseKind.PYTHON_VERSION, f"{one.module} is part of Python {versions}"),
            )


rule = Rule("PAR402", "python-version", Severity.ERROR, check)
