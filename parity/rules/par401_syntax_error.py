"""A module that the program reaches does not compile under the image's Python.

## Why it matters

Python compiles a module when it is first imported, so that a broken file stops whatever imports it, however far that is
from the start command. All broken modules are reported in one run, not only the first.

## Example

```python
# shop/prices.py
VAT = (19

def gross(net):
    return net * 119 // 100
```

With `from shop.prices import VAT` in `shop/__main__.py`, the container says

```text
SyntaxError: '(' was never closed
```

at `shop/prices.py`, line 1.

## How to fix it

Correct the file at that line, or above it: Python names the place where it could not read on.

## When it is not reported

- The module is in the checkout and nothing that the program imports leads there.
- A newer Python than the image's compiles it: that is PAR402.
- A handler around the import takes the `SyntaxError` (`except Exception`; `except ImportError` does not).

Where only a function that the start-up does not call imports the module, the container starts: that is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.analysis.not_fetched import is_lfs_pointer
from parity.model.finding import Cause, CauseKind, Finding, Severity
from parity.model.location import Location
from parity.rules.base import Rule
from parity.startup.state.failures import FailureKind


def check(analysis: Analysis) -> Iterator[Finding]:
    later = [(None, deferred.failure) for deferred in analysis.deferred]
    for startup, failure in (*analysis.failures(), *later):
        told = failure.root
        if told.kind is not FailureKind.SYNTAX or told.name:
            continue  # what a newer Python reads: PAR402
        version = f" under Python {analysis.python}" if analysis.python else ""
        yield rule.finding_of(
            analysis,
            startup,
            failure,
            f"{told.module} does not compile{version}: {told.text}",
            cause=Cause(CauseKind.SYNTAX, told.text, told.place),
            fix=_fix(told.place, analysis),
            severity=Severity.WARNING if startup is None else rule.severity,
        )


def _fix(place: Location, analysis: Analysis) -> str:
    if place.path and is_lfs_pointer(analysis.checkout, f"/{place.path}"):
        return f"fetch {place.path} with git lfs pull: it is a Git LFS pointer"
    return f"correct {place}"


rule = Rule("PAR401", "syntax-error", Severity.ERROR, check)
