"""What do ASGI applications run before their first request: lifespan functions and start-up handlers?

Read from FastAPI and Starlette, Litestar, Quart, Sanic and aiohttp. The application is a value that carries what is
to be run; a server that loads it runs that.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import partial

from parity.frameworks.named import import_string
from parity.frameworks.werkzeug_calls import configuration
from parity.model.occasion import LATER
from parity.startup.language.definitions import yields
from parity.startup.library.files import Refusal, require, require_file
from parity.startup.library.known import Known
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Anything,
    Arguments,
    Constant,
    Coroutine,
    External,
    Function,
    Items,
    Managed,
    Managing,
    Value,
    text_of,
    truth,
)
from parity.tree.base import FileKind

APPLICATIONS = tuple(
    (
        "fastapi.FastAPI fastapi.applications.FastAPI fastapi.APIRouter fastapi.routing.APIRouter "
        "starlette.applications.Starlette litestar.Litestar litestar.app.Litestar quart.Quart "
        "quart.app.Quart sanic.Sanic sanic.app.Sanic aiohttp.web.Application"
    ).split()
)
KEYWORDS = ("lifespan", "on_startup")
"""What is given to the constructor: one function, or a list of them."""
STARTUP = frozenset(
    ["startup", "before_server_start", "after_server_start", "main_process_start", "main_process_ready"]
)
"""Events of `on_event`, `add_event_handler` and `listener` that come before the first request."""
DECORATORS = ("before_serving", "while_serving", *STARTUP - {"startup"})
"""Methods that are named for the event."""


def _serve(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    """A server has loaded the application: what it does before the first request is run."""
    application = arguments.get(0, "app")
    hooks = bound or (application.bound_to if isinstance(application, External) else None)
    for hook in list(hooks.elements) if isinstance(hooks, Items) else ():
        _run(machine, hook)
    return ANYTHING


def _run(machine: Machine, hook: Value) -> None:
    arguments = Arguments((ANYTHING,), complete=False)
    match hook:
        case Managing():
            _enter(machine, Managed(hook.function, arguments))
        case Managed():
            _enter(machine, hook)
        case Function() if not isinstance(hook.node, ast.Lambda) and yields(hook.node):
            _enter(machine, Managed(hook, arguments))
        case _:
            made = machine.interpreting.call(hook, arguments)
            if isinstance(made, Coroutine):
                machine.interpreting.call_function(made.function, made.arguments)


def _enter(machine: Machine, managed: Managed) -> None:
    """A lifespan function runs to where it yields; what stands behind runs when the server ends."""
    uncertain, occasion = machine.uncertain, machine.occasion

    def serving(_value: Value) -> None:
        machine.uncertain += 1
        machine.occasion = LATER

    try:
        machine.interpreting.manage(managed, serving)
    finally:
        machine.uncertain, machine.occasion = uncertain, occasion


def _make(machine: Machine, arguments: Arguments, _bound: Value | None, *, name: str) -> Value:
    hooks = Items("list", [])
    for keyword in KEYWORDS:
        _add(machine, hooks, [arguments.keywords.get(keyword)])
    return External(f"{name}()", hooks)


def _add(machine: Machine, hooks: Items, values: Iterable[Value | None]) -> None:
    """What is added in a branch that cannot be decided is left to the imports inside functions (PAR102)."""
    for value in values if not machine.uncertain else ():
        if isinstance(value, Items):
            hooks.elements += value.elements
        elif value is not None and not isinstance(value, Anything | Constant):
            hooks.elements.append(value)


def _on_event(_machine: Machine, arguments: Arguments, bound: Value | None, *, name: str) -> Value:
    """`@app.on_event("startup")`, `@app.listener("before_server_start")`."""
    event = text_of(arguments.get(0))
    return External(f"{name}.decorator", bound) if event in STARTUP else ANYTHING


def _decorate(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    function = arguments.get(0)
    if isinstance(bound, Items):
        _add(machine, bound, [function])
    return function or ANYTHING


def _add_event_handler(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    """Starlette has the event first, Sanic the function."""
    if isinstance(bound, Items) and any(text_of(one) in STARTUP for one in arguments.positional):
        _add(machine, bound, [one for one in arguments.positional if text_of(one) is None])
    return ANYTHING


def _include(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    """`app.include_router(router)`: the router's handlers become the application's."""
    router = arguments.get(0)
    if isinstance(bound, Items) and isinstance(router, External) and isinstance(router.bound_to, Items):
        _add(machine, bound, [router.bound_to])
    return ANYTHING


def _static(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """Starlette: `StaticFiles.__init__` wants its folder, unless it is told not to look."""
    text = text_of(arguments.keywords.get("directory"))
    looks = arguments.keywords.get("check_dir")
    if text and (looks is None or truth(looks) is True):
        require(
            machine, text, FileKind.DIRECTORY, Refusal("RuntimeError", f"Directory {text!r} does not exist")
        )
    return ANYTHING


def _update_config(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """Sanic: `Config.update_config`: a file by its path, or what a dotted name leads to."""
    text = text_of(arguments.get(0, "config"))
    if text and "/" in text and "$" not in text:
        require_file(machine, text)
    elif text and "/" not in text:
        import_string(machine, text)
    return ANYTHING


CALLS: dict[str, Known] = {"asgi.serve": _serve, "aiohttp.web.run_app": _serve}
for _name in APPLICATIONS:
    _made = f"{_name}()"
    CALLS[_name] = partial(_make, name=_name)
    for _method in ("on_event", "listener"):
        CALLS[f"{_made}.{_method}"] = partial(_on_event, name=f"{_made}.{_method}")
        CALLS[f"{_made}.{_method}.decorator"] = _decorate
    for _method in DECORATORS:
        CALLS[f"{_made}.{_method}"] = _decorate
    for _method in ("add_event_handler", "register_listener"):
        CALLS[f"{_made}.{_method}"] = _add_event_handler
    CALLS[f"{_made}.include_router"] = _include
    CALLS[f"{_made}.run"] = _serve
    for _signal in ("on_startup", "cleanup_ctx", "router.on_startup"):  # aiohttp, Starlette
        CALLS[f"{_made}.{_signal}.append"] = _decorate
for _name in ("starlette.staticfiles.StaticFiles", "fastapi.staticfiles.StaticFiles"):
    CALLS[_name] = _static
for _name in ("sanic.Sanic()", "sanic.app.Sanic()"):
    CALLS |= dict.fromkeys((f"{_name}.update_config", f"{_name}.config.update_config"), _update_config)
for _name in ("quart.Quart", "quart.app.Quart"):
    CALLS |= configuration(f"{_name}()")
