"""What does the program itself put into `sys.modules`, and what are the modules that it makes?"""

from __future__ import annotations

from functools import partial

from parity.startup.library.known import Known, register
from parity.startup.state.machine import Machine
from parity.startup.state.modules import Module, State, stand_in_module
from parity.startup.state.taint import Touched, touch
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    External,
    ModuleValue,
    Scalar,
    Table,
    Value,
    text_of,
)

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)

PATCHED = "unittest.mock.patch.dict()"
"""The context manager that `mock.patch.dict(sys.modules, values)` gives, bound to the values."""


def put(machine: Machine, name: str | None, value: Value) -> None:
    """`sys.modules[name] = value`. CPython: None there makes the import of that name fail."""
    modules, blocked = machine.importing.modules, machine.importing.blocked
    if name is None:
        touch(machine, Touched.MODULES, "under names that are not known")
        return
    there = modules.get(name)
    if isinstance(value, Constant) and value.value is None:
        if not machine.uncertain:
            modules.pop(name, None)
            blocked.add(name)
        return
    blocked.discard(name)
    if there is not None:
        there.namespace.open = True
    if isinstance(value, ModuleValue):
        modules[name] = value.module
    elif there is None:
        modules[name] = stand_in_module(name)


def put_all(machine: Machine, values: Value | None) -> None:
    """`sys.modules.update(values)`."""
    if not isinstance(values, Table) or not values.complete:
        touch(machine, Touched.MODULES, "under names that are not known")
    for name, value in values.entries.items() if isinstance(values, Table) else ():
        if isinstance(name, str):
            put(machine, name, value)


@known("sys.modules.update")
def _update(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    for values in arguments.positional:
        put_all(machine, values)
    named: dict[Scalar, Value] = {}
    named.update(arguments.keywords)
    put_all(machine, Table(named, arguments.complete))
    return Constant(None)


@known("sys.modules.setdefault")
def _setdefault(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name = text_of(arguments.get(0))
    if name is None or machine.importing.is_loaded(name) is not True:
        put(machine, name, arguments.get(1) or Constant(None))
    return _loaded(machine, arguments, None)


@known("sys.modules.pop")
def _unload(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name = text_of(arguments.get(0))
    if name is None or machine.uncertain:
        return ANYTHING
    machine.importing.blocked.discard(name)
    module = machine.importing.modules.pop(name, None)
    return ModuleValue(module) if module is not None else ANYTHING


@known("sys.modules.__getitem__", "sys.modules.get")
def _loaded(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    module = machine.importing.modules.get(text_of(arguments.get(0)) or "")
    return ModuleValue(module) if module is not None else ANYTHING


@known("unittest.mock.patch.dict", "mock.patch.dict")
def _patch_dict(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    target, values = arguments.get(0, "in_dict"), arguments.get(1, "values") or Table({})
    if target != External("sys.modules") and text_of(target) != "sys.modules":
        return ANYTHING
    whole = isinstance(values, Table) and values.complete and arguments.complete
    made = Table(dict(values.entries) if isinstance(values, Table) else {}, whole)
    made.entries.update({name: one for name, one in arguments.keywords.items() if name not in _OF_PATCH})
    return External(PATCHED, made)


_OF_PATCH = ("in_dict", "values", "clear")


@known(f"{PATCHED}.start")
def _patch_for_good(machine: Machine, _arguments: Arguments, bound: Value | None) -> Value:
    put_all(machine, bound)
    return ANYTHING


@known("types.ModuleType", "imp.new_module")
def _new_module(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name = text_of(arguments.get(0, "name"))
    if name is None:
        return ANYTHING
    made = Module(name, name, "", "", package=None, state=State.LOADED)
    for attribute in ("__package__", "__loader__", "__spec__"):
        made.namespace.bind(attribute, Constant(None))
    return ModuleValue(made)


@known("pymysql.install_as_MySQLdb")
def _as_mysqldb(machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    """PyMySQL: `sys.modules["MySQLdb"] = sys.modules["_mysql"] = sys.modules["pymysql"]`."""
    for name in ("MySQLdb", "_mysql"):
        put(machine, name, ANYTHING)
    return Constant(None)
