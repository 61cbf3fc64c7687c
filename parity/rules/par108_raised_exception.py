"""The start-up raises an exception itself, and nothing catches it.

## Why it matters

The code looks at its surroundings when it starts, finds them wrong, and says so by an exception: every candidate of a
loop failed to import, the Python is too old, a class cannot be made. In the container the process ends there.

A call that does not fit the parameters of the project's function, and other operations that Python refuses, end the
process in the same way.

## Example

```python
# shop/backend.py
for name in ("shop.fast", "shop.plain"):
    try:
        backend = import_module(name)
        break
    except ImportError:
        pass
else:
    raise RuntimeError("no backend")
```

with neither of the two in the image. The container says

```text
RuntimeError: no backend
```

## How to fix it

Give the code what it looks for: the chain of imports shows how the start-up comes to the statement.

## When it is not reported

- A handler catches the exception, or the statement stands in a branch that cannot be decided.
- The branch is decided by a variable that the image leaves unset: a run of the image may set it.
- A handler raises it for an import that failed: then the import is told, by its own rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Finding, Severity
from parity.rules.base import Rule
from parity.startup.state.failures import FailureKind


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        told = failure.root
        if told.kind not in _FIXES:
            continue
        said = f": {told.text}" if told.text else ""
        message = f"{told.module} raises {told.exception}{said}"
        yield rule.finding_of(analysis, startup, failure, message, fix=_FIXES[told.kind])


_FIXES = {
    FailureKind.RAISED: "provide what it looks for, or catch the exception",
    FailureKind.REFUSED: "correct the operation, or the value that it is given",
}


rule = Rule("PAR108", "raised-exception", Severity.ERROR, check)
