"""Which application of a module does Flask take? (read from flask 3.1: `locate_app`, `find_best_app`)

The attributes `app` and `application` are looked at, then any Flask object, then the functions `create_app` and
`make_app` are called. A function that is named is called, with or without brackets.
"""

from __future__ import annotations

from parity.starts.application import application
from parity.startup.library.known import Known
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, External, Function, ModuleValue, Value, text_of

FLASK = ("flask.Flask", "flask.app.Flask")
NAMES = ("app", "application")
FACTORIES = ("create_app", "make_app")


def _locate(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    module, name = text_of(arguments.get(0)) or "", text_of(arguments.get(1))
    loaded = machine.importing.import_module(module)
    if not isinstance(loaded, ModuleValue):
        return ANYTHING
    if name is None:
        return _best(machine, loaded)
    target = application(f"{module}:{name}")
    value: Value = loaded
    for part in target.attribute.split(".") if target is not None else ():
        if not isinstance(value, ModuleValue):
            return ANYTHING
        found = machine.importing.module_attribute(value.module, part)
        if found is None:
            machine.importing.fail_name(value.module, part)
        value = found or ANYTHING
    if target is not None and (target.call or isinstance(value, Function)):
        return machine.interpreting.call(value, Arguments(complete=False))
    return value


def _best(machine: Machine, loaded: ModuleValue) -> Value:
    bound = loaded.module.namespace.values
    for name in NAMES:
        if name in bound and not isinstance(bound[name], Function):
            return bound[name]
    made = {f"{name}()" for name in FLASK}
    if any(isinstance(value, External) and value.name in made for value in bound.values()):
        return ANYTHING
    for name in FACTORIES:
        if isinstance(bound.get(name), Function):
            return machine.interpreting.call(bound[name], Arguments())
    return ANYTHING


def _make(_machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    return External("flask.Flask()")


CALLS: dict[str, Known] = {"flask.cli.locate_app": _locate, **dict.fromkeys(FLASK, _make)}
