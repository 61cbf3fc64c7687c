"""Which functions of its configuration does gunicorn call before it serves? (read from gunicorn 27)

What they raise ends the master, or the worker before it has booted, which ends the master too.
"""

from __future__ import annotations

from parity.startup.library.known import Known
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, Function, Value, text_of


def _call(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """The arguments: the module of the configuration, and the names of the functions."""
    module, *names = [text_of(one) or "" for one in arguments.positional]
    loaded = machine.importing.modules.get(module)
    for name in names if loaded is not None else ():
        hook = loaded.namespace.get(name) if loaded is not None else None
        if isinstance(hook, Function):
            machine.interpreting.call(hook, Arguments(complete=False))
    return ANYTHING


CALLS: dict[str, Known] = {"gunicorn.hooks": _call}
