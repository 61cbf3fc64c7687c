"""The start-up runs into a module that has not finished loading.

## Why it matters

A module that is imported while its own body still runs is only half there. Whether that fails depends on which module
of the cycle is imported first, so the tests may pass where the start command fails.

## Example

```python
# shop/orders.py
from shop.invoices import Invoice

class Order: ...
```

```python
# shop/invoices.py
from shop.orders import Order
```

Starting with `shop.orders`, Python is at its first line when `shop.invoices` asks for `Order`:

```text
ImportError: cannot import name 'Order' from partially initialized module 'shop.orders' (most likely due to a circular
import) (/app/shop/orders.py)
```

The finding shows for every module of the cycle the line it has come to, what it has bound by then, and where the name
would be bound.

## How to fix it

- Import the name inside the function that uses it.
- Move what both modules need into a third one.
- Import the module instead of the name (`import shop.orders`), if the name is used only in functions.
- For annotations alone, import under `if TYPE_CHECKING:`.

## When it is not reported

A cycle through which the start-up gets without a failure is PAR303. A name that the module binds nowhere is PAR105.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Finding, Severity
from parity.model.location import Location
from parity.rules.base import Rule
from parity.rules.cycle_imports import cycle_imports
from parity.startup.state.failures import Failure, FailureKind


def check(analysis: Analysis) -> Iterator[Finding]:
    for startup, failure in analysis.failures():
        told = failure.root
        if told.kind is not FailureKind.PARTIAL_MODULE:
            continue
        names = [state.module for state in told.partial]
        cycle = names[names.index(told.module) :] if told.module in names else names
        back = _back(told)
        finding = rule.finding_of(
            analysis,
            startup,
            failure,
            f"{told.module} has not bound {told.name} yet when it is imported back",
            cause=Cause(CauseKind.CYCLE, " -> ".join((*cycle, told.module)), back),
            fix=f"import {told.name} inside the function that uses it, or bind it above {back or 'the import'}",
            notes=tuple(_state(told)),
        )
        yield replace(finding, cycle_imports=cycle_imports(told))


def _back(failure: Failure) -> Location | None:
    return next(
        (Location(s.path, s.line) for s in failure.partial if s.module == failure.module and s.path), None
    )


def _state(failure: Failure) -> Iterator[str]:
    for state in failure.partial:
        bound = ", ".join(state.bound[:8]) + (", …" if len(state.bound) > 8 else "") or "nothing"
        later = f"; it binds {failure.name} at line {state.binds_later}" if state.binds_later else ""
        yield f"{state.module} is at line {state.line}; it has bound {bound}{later}"


rule = Rule("PAR301", "circular-import-crash", Severity.ERROR, check)
