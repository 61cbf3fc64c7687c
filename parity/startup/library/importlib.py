"""Which modules do `__import__` and `importlib` import, and which do they find?"""

from __future__ import annotations

from functools import partial

from parity.startup.library.known import Known, register
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, Constant, Items, Value, text_of

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)


@known("builtins.__import__", "importlib.__import__")
def _import(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name, level = text_of(arguments.get(0, "name")), arguments.get(4, "level") or Constant(0)
    if not name or not (isinstance(level, Constant) and isinstance(level.value, int)) or not machine.frames:
        machine.undecided += 1
        return ANYTHING
    wanted = arguments.get(3, "fromlist") or Constant(None)
    names: tuple[str, ...] = ()
    if isinstance(wanted, Items):
        names = tuple(text for item in wanted.elements if (text := text_of(item)) is not None)
    with machine.called_from_c():
        loaded = machine.importing.run_import(name, machine.frames[-1].module.package, names, level.value)
    return loaded if isinstance(wanted, Items | Constant) else ANYTHING


@known("importlib.import_module")
def _import_module(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    with machine.below(2):  # CPython: import_module and _gcd_import
        return _import_by_name(machine, arguments)


def _import_by_name(machine: Machine, arguments: Arguments) -> Value:
    name = text_of(arguments.get(0, "name"))
    if name is None or not name:
        machine.undecided += 1
        return ANYTHING
    level = len(name) - len(name.lstrip("."))
    if level:
        given = arguments.get(1, "package") or Constant(None)
        package = text_of(given)
        if package is None:
            if isinstance(given, Constant):
                machine.importing.telling.fail_relative(
                    "TypeError",
                    f"the 'package' argument is required to perform a relative import for {name!r}",
                    name,
                )
            return ANYTHING
        return machine.importing.run_import(name[level:], package, ("*",), level)
    return machine.importing.run_import(name, None, ("*",), 0)


@known("importlib.util.find_spec")
def _find_spec(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name = text_of(arguments.get(0, "name"))
    if name is None or name.startswith("."):
        return ANYTHING
    there = machine.importing.has_spec(name)
    return ANYTHING if there is None else Items("spec", [Constant(name)]) if there else Constant(None)
