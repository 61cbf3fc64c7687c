"""Which coroutines run?"""

from __future__ import annotations

from functools import partial

from parity.startup.library.known import Known, register
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, Coroutine, Value

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)


@known("asyncio.gather", "asyncio.wait_for", "asyncio.shield")
def _gather(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """Nearly always awaited at once: the coroutines run."""
    if "return_exceptions" not in arguments.keywords:
        for value in arguments.positional:
            if isinstance(value, Coroutine):
                machine.interpreting.call_function(value.function, value.arguments)
    return ANYTHING


@known("asyncio.run", "asyncio.get_event_loop.run_until_complete", "anyio.run", "trio.run")
def _run(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    value = arguments.get(0)
    if isinstance(value, Coroutine):
        return machine.interpreting.call_function(value.function, value.arguments)
    if value is not None:
        made = machine.interpreting.call(value, Arguments())
        if isinstance(made, Coroutine):
            return machine.interpreting.call_function(made.function, made.arguments)
    return ANYTHING
