"""Which application of a module does Flask take? (read from flask 3.1: `locate_app`, `find_best_app`)

The attributes `app` and `application` are looked at, then any Flask object, then the functions `create_app` and
`make_app` are called. A function that is named is called, with or without brackets.
"""

from __future__ import annotations

from parity.frameworks.werkzeug_calls import configuration
from parity.starts.application import application
from parity.startup.library.known import Known
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    External,
    FilePath,
    Function,
    ModuleValue,
    Value,
    text_of,
)
from parity.tree.base import parent_of

FLASK = ("flask.Flask", "flask.app.Flask")
MADE = "flask.Flask()"
NAMES = ("app", "application")
ELSEWHERE = frozenset(("root_path", "instance_relative_config"))
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
    if any(isinstance(value, External) and value.name == MADE for value in bound.values()):
        return ANYTHING
    for name in FACTORIES:
        if isinstance(bound.get(name), Function):
            return machine.interpreting.call(bound[name], Arguments())
    for name in (*NAMES, *FACTORIES):
        if machine.importing.telling.other_file(loaded.module, name):  # a folder without its `__init__.py`
            machine.importing.fail_name(loaded.module, name)
            break
    return ANYTHING


def _make(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """Bound to the folder of the module that it is named for, from which the files of its configuration are read."""
    module = machine.importing.modules.get(text_of(arguments.get(0, "import_name")) or "")
    if module is None or not module.image_path or not ELSEWHERE.isdisjoint(arguments.keywords):
        return External(MADE)
    return External(MADE, FilePath(parent_of(module.image_path)))


CALLS: dict[str, Known] = {
    "flask.cli.locate_app": _locate,
    **dict.fromkeys(FLASK, _make),
    **configuration(MADE),
}
