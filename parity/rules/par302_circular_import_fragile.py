"""A cycle of imports that the start-up gets through crashes when another of its modules is imported first.

## Why it matters

Whether a cycle crashes depends on where Python enters it. The start command enters at the one place that works. A
test, a worker, a migration or an import sorted the other way enters elsewhere, and fails.

## Example

```python
# shop/orders.py
class Order: ...

from shop.invoices import Invoice
```

```python
# shop/invoices.py
from shop.orders import Order

class Invoice: ...
```

`import shop.orders` works: `Order` is bound before `shop.invoices` asks for it. `import shop.invoices` does not:

```text
ImportError: cannot import name 'Invoice' from partially initialized module 'shop.invoices' (most likely due to a
circular import) (/app/shop/invoices.py)
```

## How to fix it

As for PAR301: import the name inside the function that uses it, or move what both modules need into a third one.

## When it is not reported

- The start-up itself crashes in the cycle: that is PAR301.
- No module of the cycle crashes when it is imported first: that is PAR303.
- The cycle is so large that trying it would take long: a cycle of more than some twenty modules.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import Cause, CauseKind, Confidence, Finding, Severity
from parity.rules.base import Rule
from parity.rules.cycle_imports import cycle_imports


def check(analysis: Analysis) -> Iterator[Finding]:
    for cycle in analysis.cycles:
        if cycle.crashes or not cycle.fragile_from:
            continue
        first = cycle.fragile_from[0]
        failure, told = first.failure, first.failure.root
        others = [crash.module for crash in cycle.fragile_from[1:]]
        way = " → ".join(f"{link.path or link.image_path}:{link.line}" for link in told.chain)
        notes = [f"it would say {told.exception}: {told.text}", f"from there: {way}"]
        if others:
            notes.append(f"so would importing first: {', '.join(others[:8])}")
        yield rule.finding(
            f"importing {first.module} first would crash: {told.module} has not bound {told.name} yet",
            location=told.place,
            module=first.module,
            image_path=told.image_path or None,
            cause=Cause(CauseKind.CYCLE, " -> ".join((*cycle.modules, cycle.modules[0]))),
            fix=f"import {told.name} inside the function that uses it",
            notes=tuple(notes),
            cycle_imports=cycle_imports(told),
            confidence=Confidence.CERTAIN if failure.certain else Confidence.LIKELY,
        )


rule = Rule("PAR302", "circular-import-fragile", Severity.WARNING, check)
