"""What do the context managers of `contextlib` swallow?"""

from __future__ import annotations

from functools import partial

from parity.startup.library.known import Known, register
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    External,
    Function,
    Items,
    Managing,
    Value,
)

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)

SUPPRESS = "contextlib.suppress()"
"""What `suppress(*classes)` gives, bound to the classes."""
STACK = "contextlib.ExitStack()"
"""What `ExitStack()` gives, bound to the managers that it was told to enter."""


@known("contextlib.contextmanager", "contextlib.asynccontextmanager")
def _contextmanager(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    function = arguments.get(0)
    return Managing(function) if isinstance(function, Function) else ANYTHING


@known("contextlib.suppress")
def _suppress(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    return External(SUPPRESS, Items("tuple", list(arguments.positional), arguments.complete))


@known("contextlib.ExitStack", "contextlib.AsyncExitStack")
def _stack(_machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    return External(STACK, Items("list", []))


@known(f"{STACK}.enter_context", f"{STACK}.enter_async_context")
def _enter(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    manager = arguments.get(0, "cm") or ANYTHING
    if isinstance(bound, Items):
        bound.elements.append(manager)
        bound.complete = bound.complete and not machine.uncertain
    return manager if isinstance(manager, External) and manager.name == "io.TextIOWrapper" else ANYTHING


@known(f"{STACK}.push", f"{STACK}.push_async_exit")
def _push(_machine: Machine, _arguments: Arguments, bound: Value | None) -> Value:
    """An exit of its own may swallow whatever it likes."""
    if isinstance(bound, Items):
        bound.complete = False
    return ANYTHING


@known(f"{STACK}.callback", f"{STACK}.push_async_callback", f"{STACK}.pop_all", f"{STACK}.close")
def _change_nothing(_machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    return Constant(None)
