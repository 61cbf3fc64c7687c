"""What is a call whose doing is known, and by which names?"""

from __future__ import annotations

from collections.abc import Callable

from parity.startup.state.machine import Machine
from parity.startup.state.values import Arguments, Value

Known = Callable[[Machine, Arguments, Value | None], Value]
"""What a callable does: the machine, the arguments of the call, and the value that a method is bound to."""


def register(table: dict[str, Known], *names: str) -> Callable[[Known], Known]:
    """The decorated function is what these names (`module.name`) do."""

    def enter(function: Known) -> Known:
        for name in names:
            table[name] = function
        return function

    return enter
