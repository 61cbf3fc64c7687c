"""Modules import each other while they load, and no import of the start-up fails for it.

## Why it matters

It works today. Another order of imports, or one more name at the top of one of the modules, can turn the cycle into the
crash that PAR301 reports.

## Example

```python
# shop/orders.py
import shop.invoices

class Order:
    def invoice(self):
        return shop.invoices.Invoice(self)
```

```python
# shop/invoices.py
import shop.orders

class Invoice:
    def __init__(self, order):
        assert isinstance(order, shop.orders.Order)
```

Each module uses the other only in a function, after both have loaded. The container says nothing.

## How to fix it

Nothing has to be done. To take the cycle apart, move what both modules need into a third one, or import inside the
function that uses it.

## When it is not reported

Only imports that the start-up runs make a cycle: those under `if TYPE_CHECKING:`, or in functions that it does not
call, do not. A cycle in which the start-up fails is reported by PAR301 alone, and one that would fail if it were
entered elsewhere by PAR302.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Finding, Severity
from parity.model.location import Location
from parity.rules.base import Rule

MOST_NAMED = 6


def check(analysis: Analysis) -> Iterator[Finding]:
    for cycle in analysis.cycles:
        if cycle.crashes or cycle.fragile_from:
            continue
        last = cycle.chain[-1]
        more = ("…",) if len(cycle.modules) > MOST_NAMED else ()
        named = (*cycle.modules[:MOST_NAMED], *more)
        yield rule.finding(
            f"{len(cycle.modules)} modules import each other: {', '.join(named)}",
            location=Location(last.path, last.line),
            module=cycle.modules[0],
            chain=cycle.chain,
            cause=Cause(CauseKind.CYCLE, " -> ".join((*named, cycle.modules[0]))),
            fix="no need to act; an import inside the function that needs it breaks the cycle",
        )


rule = Rule("PAR303", "circular-import", Severity.INFO, check)
