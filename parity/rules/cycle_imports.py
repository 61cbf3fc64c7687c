"""Which import statements close the cycle that a failure tells of?"""

from __future__ import annotations

from parity.model.finding import CycleImport
from parity.startup.state.failures import Failure


def cycle_imports(failure: Failure) -> tuple[CycleImport, ...]:
    """The one that fails, then those that led to it, the last of them first."""
    failing = CycleImport(failure.place.path, failure.place.line, failure.name)
    names = [state.module for state in failure.partial]
    start = names.index(failure.module) if failure.module in names else 0
    others = (
        CycleImport(state.path, state.line)
        for state in reversed(failure.partial[start:])
        if state.path and (state.path, state.line) != (failing.path, failing.line)
    )
    return (failing, *others) if failing.path else tuple(others)
