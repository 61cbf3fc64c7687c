"""What do the builtins do and give?"""

from __future__ import annotations

from functools import partial

from parity.startup.library.files import open_file, read_file
from parity.startup.library.known import Known, register
from parity.startup.library.methods import enter_all, sort
from parity.startup.state.machine import Machine
from parity.startup.state.taint import assigned
from parity.startup.state.values import (
    ANYTHING,
    BUILTINS,
    ESCAPED,
    Arguments,
    Caught,
    Class,
    Constant,
    External,
    FilePath,
    Function,
    Generator,
    Instance,
    Items,
    ModuleValue,
    Table,
    Value,
    elements_of,
    is_assumed,
    text_of,
    truth,
)

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)


@known("builtins.str", "os.fspath", "os.fsdecode")
def _str(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    value = arguments.get(0)
    if isinstance(value, FilePath):
        return Constant(value.text)
    if isinstance(value, Caught):
        return Constant(value.text)
    if isinstance(value, Constant) and isinstance(value.value, str | int | bool | None):
        return Constant(str(value.value), value.assumed)
    return ANYTHING


@known("builtins.int")
def _int(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    value = arguments.get(0)
    if isinstance(value, Constant) and isinstance(value.value, str | int) and len(arguments.positional) == 1:
        try:
            return Constant(int(str(value.value)[:40]), value.assumed)
        except ValueError:
            return ANYTHING
    return ANYTHING


@known("builtins.bool")
def _bool(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    value = arguments.get(0) or Constant(False)
    result = truth(value)
    return ANYTHING if result is None else Constant(result, is_assumed(value))


@known("builtins.len")
def _len(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    value = arguments.get(0)
    if isinstance(value, Items) and value.complete:
        return Constant(len(value.elements))
    if isinstance(value, Constant) and isinstance(value.value, str):
        return Constant(len(value.value), value.assumed)
    return ANYTHING


@known("builtins.set", "builtins.frozenset")
def _set(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    if not arguments.positional:
        return Items("set", [])
    value = elements_of(arguments.positional[0])
    if not isinstance(value, Items):
        return ANYTHING
    once = {one.value: one for one in value.elements if isinstance(one, Constant)}
    others = [one for one in value.elements if not isinstance(one, Constant)]
    return Items("set", [*once.values(), *others], value.complete)


@known("builtins.tuple")
def _tuple(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    made = _collect(machine, arguments, None)
    return Items("tuple", made.elements, made.complete) if isinstance(made, Items) else made


@known("builtins.list", "builtins.iter")
def _collect(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    if not arguments.positional:
        return Items("list", [])
    value = elements_of(arguments.positional[0])
    return Items("list", list(value.elements), value.complete) if isinstance(value, Items) else ANYTHING


@known("builtins.sorted")
def _sorted(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    made = _collect(machine, arguments, None)
    if isinstance(made, Items):
        sort(made, arguments)
    return made


@known("builtins.reversed")
def _reversed(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    made = _collect(machine, arguments, None)
    if isinstance(made, Items):
        made.elements.reverse()
    return made


@known("builtins.enumerate")
def _enumerate(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    made = _collect(machine, Arguments(arguments.positional[:1]), None)
    start = arguments.get(1, "start") or Constant(0)
    if not (isinstance(made, Items) and isinstance(start, Constant) and isinstance(start.value, int)):
        return ANYTHING
    pairs: list[Value] = [
        Items("tuple", [Constant(number), element])
        for number, element in enumerate(made.elements, start.value)
    ]
    return Items("list", pairs, made.complete)


@known("builtins.zip")
def _zip(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    def run() -> Value:
        columns = [elements_of(value) for value in arguments.positional]
        known = [column.elements for column in columns if isinstance(column, Items) and column.complete]
        if len(known) < len(columns):
            return ANYTHING
        return Items("list", [Items("tuple", list(row)) for row in zip(*known, strict=False)])

    return Generator(run)


@known("builtins.sum", "builtins.min", "builtins.max", "collections.Counter", "collections.deque")
def _consume(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    for value in arguments.positional[:1]:
        elements_of(value)
    return ANYTHING


@known("builtins.map")
def _map(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    if len(arguments.positional) != 2:
        return ANYTHING
    function, source = arguments.positional

    def run() -> Value:
        through = elements_of(source)
        if not isinstance(through, Items) or not through.complete:
            return ANYTHING
        made = [machine.interpreting.call(function, Arguments((one,))) for one in list(through.elements)]
        return Items("list", made)

    return Generator(run)


@known("builtins.dict")
def _dict(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    made = Table({}, arguments.complete)
    for value in arguments.positional[:1]:
        enter_all(made, value)
    made.entries.update(arguments.keywords)
    return made


@known("builtins.range")
def _range(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    limits = [v.value for v in arguments.positional if isinstance(v, Constant) and isinstance(v.value, int)]
    if len(limits) != len(arguments.positional) or not limits:
        return ANYTHING
    try:
        numbers = range(*limits)
    except (TypeError, ValueError):
        return ANYTHING
    return Items("list", [Constant(n) for n in numbers]) if len(numbers) <= 200 else ANYTHING


@known("builtins.hasattr")
def _hasattr(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    owner, name = arguments.get(0), text_of(arguments.get(1))
    if isinstance(owner, ModuleValue) and name is not None:
        found = machine.importing.module_attribute(owner.module, name)
        if found is None:
            return Constant(False, assumed=name in owner.module.namespace.unset)
        return Constant(True) if found is not ANYTHING else ANYTHING
    if isinstance(owner, External) and name is not None and machine.world.certainly_lacks(owner.name, name):
        return Constant(False)
    return ANYTHING


@known("builtins.getattr")
def _getattr(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    owner, name = arguments.get(0), text_of(arguments.get(1))
    if isinstance(owner, ModuleValue) and name is not None:
        found = machine.importing.module_attribute(owner.module, name)
        if found is None and len(arguments.positional) == 2 and arguments.complete:
            machine.importing.fail_name(owner.module, name)
        return found or arguments.get(2) or ANYTHING
    if isinstance(owner, External) and name is not None and machine.world.certainly_lacks(owner.name, name):
        return arguments.get(2) or ANYTHING
    return ANYTHING


@known("builtins.setattr", "builtins.delattr")
def _setattr(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    owner, name = arguments.get(0), text_of(arguments.get(1))
    if isinstance(owner, ModuleValue) or owner == BUILTINS:
        names = owner.module.namespace if isinstance(owner, ModuleValue) else machine.builtins
        if name is not None and len(arguments.positional) == 3:
            names.bind_from_outside(name, arguments.positional[2], doubtful=machine.uncertain > 0)
        else:
            names.open = True
    elif isinstance(owner, Function):
        owner.given.add(name or ESCAPED)
    elif isinstance(owner, Instance):
        owner.attributes[name or ESCAPED] = ANYTHING
    elif isinstance(owner, Class) and name is not None:
        owner.namespace.bind_from_outside(name, ANYTHING, doubtful=machine.uncertain > 0)
    elif isinstance(owner, Class):
        owner.namespace.open = True
    if isinstance(owner, External):
        assigned(machine, owner, name or ESCAPED)
    return Constant(None)


CALLS["builtins.open"] = CALLS["io.open"] = CALLS["codecs.open"] = open_file
CALLS["io.TextIOWrapper.read"] = read_file
