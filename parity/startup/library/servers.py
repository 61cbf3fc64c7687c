"""What does a server import and start that the program calls itself?"""

from __future__ import annotations

from functools import partial

from parity.startup.library.known import Known, register
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    External,
    Items,
    ModuleValue,
    Value,
    text_of,
    truth,
)

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)


@known(
    "uvicorn.run",
    "uvicorn.Config",
    "uvicorn.config.Config",
    "hypercorn.run",
    "granian.run",
    "granian.Granian",
)
def _serve(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """What is made to be served is served: `uvicorn.Server(config).run()`, `Granian(…).serve()`."""
    module, colon, attribute = (text_of(arguments.get(0, "app")) or "").partition(":")
    if colon:
        loaded: Value = machine.importing.run_import(module, None, ("*",), 0)
        for part in attribute.split("."):
            if not isinstance(loaded, ModuleValue):
                break
            loaded = machine.importing.module_attribute(loaded.module, part) or ANYTHING
        if truth(arguments.keywords.get("factory", Constant(False))):
            loaded = machine.interpreting.call(loaded, Arguments())
    else:
        loaded = arguments.get(0, "app") or ANYTHING
    if text_of(arguments.keywords.get("lifespan")) != "off":
        serve(machine, loaded)
    return ANYTHING


def serve(machine: Machine, application: Value) -> None:
    """A server starts the application: what it has put off until then is run."""
    if isinstance(application, External) and isinstance(application.bound_to, Items):
        machine.interpreting.call(External("asgi.serve"), Arguments((application,)))
