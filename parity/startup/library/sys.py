"""What do `sys` and its like do and hold: the search path, the way out, what is known of the platform?"""

from __future__ import annotations

from functools import partial

from parity.startup.library.files import absolute
from parity.startup.library.known import Known, register
from parity.startup.state.exceptions import LEAVING
from parity.startup.state.failures import RaisedValue, Stopped, builtin_bases
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, Constant, External, Items, Value, text_of

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)


@known(*LEAVING)
def _exit(machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    leave(machine)
    return ANYTHING


def leave(machine: Machine) -> None:
    """`raise SystemExit`: the program ends, unless a handler or a `finally` has another idea.

    What it handles then is what ends it, whatever the status: the program does not do what it was started for.
    """
    if machine.uncertain or machine.assumed:
        return
    origin = next((v.failure for v in reversed(machine.handling) if v.failure is not None), None)
    bases = builtin_bases("SystemExit")
    machine.raise_value(RaisedValue("SystemExit", bases, origin))
    raise Stopped


@known("sys.path.insert")
def _path_insert(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    index = arguments.get(0)
    position = index.value if isinstance(index, Constant) and isinstance(index.value, int) else 0
    _add_folder(machine, arguments.get(1), position)
    return Constant(None)


@known("sys.path.append", "site.addsitedir")
def _path_append(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    _add_folder(machine, arguments.get(0), None)
    return Constant(None)


@known("sys.path.extend")
def _path_extend(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    extend_path(machine, arguments.get(0))
    return Constant(None)


def extend_path(machine: Machine, value: Value | None, *, front: bool = False) -> None:
    """`sys.path += value`, or `sys.path[:0] = value`."""
    if isinstance(value, Items) and value.complete:
        for position, folder in enumerate(value.elements):
            _add_folder(machine, folder, position if front else None)
    else:
        machine.importing.finder.add(None, None)


def _add_folder(machine: Machine, value: Value | None, position: int | None) -> None:
    text = text_of(value)
    folder = None if text is None else absolute(machine, text)
    machine.importing.finder.add(folder, position)


@known("sys.setrecursionlimit")
def _set_recursion_limit(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    limit = arguments.get(0)
    machine.limit = None
    if isinstance(limit, Constant) and isinstance(limit.value, int) and not machine.uncertain:
        machine.limit = limit.value
    return Constant(None)


@known("platform.system")
def _system(_machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    return Constant("Linux")


def attribute_of_external(machine: Machine, value: External, name: str) -> Value:
    """`value.name` of something that is not the project's."""
    full = f"{value.name}.{name}"
    version = machine.world.python
    match full:
        case "sys.version_info":
            if version is None:  # an image of Python 2 says so
                return Items("version", [Constant(3), ANYTHING])
            return Items("version", [Constant(version.major), Constant(version.minor)])
        case "sys.platform":
            return Constant("linux")
        case "os.name":
            return Constant("posix")
        case "os.sep" | "os.path.sep" | "posixpath.sep":
            return Constant("/")
        case "os.pardir" | "os.path.pardir" | "posixpath.pardir":
            return Constant("..")
        case "os.curdir" | "os.path.curdir" | "posixpath.curdir":
            return Constant(".")
        case "os.pathsep":
            return Constant(":")
        case "typing.TYPE_CHECKING" | "typing_extensions.TYPE_CHECKING":
            return Constant(False)
        case "sys.argv":
            return Items("list", [ANYTHING if text is None else Constant(text) for text in machine.arguments])
        case "sys.frozen":
            return ANYTHING
        case _:
            return External(full, value.bound_to)
