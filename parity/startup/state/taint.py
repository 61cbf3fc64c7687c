"""What may a construct touch that is not followed? What rests on something touched is doubted, never certain.

*Certain* holds only while everything between a binding and its use is understood. This is the one table of what the
code can get hold of, and of what whoever holds it may change; all that is not in it touches nothing that imports see.
"""

from __future__ import annotations

from enum import Enum

from parity.model.location import May, Unknown
from parity.startup.state.machine import Machine
from parity.startup.state.values import BUILTINS, Arguments, External, ModuleValue, Value


class Touched(Enum):
    """What a start-up rests on, and a program may change. The value says what it then may do."""

    MODULES = "puts modules into sys.modules"
    FINDERS = "changes how modules are found"
    SEARCH_PATH = "changes sys.path"
    BUILTINS = "changes the builtins"


HELD = {
    "sys.modules": Touched.MODULES,
    "sys.meta_path": Touched.FINDERS,
    "sys.path_hooks": Touched.FINDERS,
    "sys.path_importer_cache": Touched.FINDERS,
    "sys.path": Touched.SEARCH_PATH,
    BUILTINS.name: Touched.BUILTINS,
    "builtins.__import__": Touched.FINDERS,
    "importlib.__import__": Touched.FINDERS,
    "importlib.import_module": Touched.FINDERS,
}
"""CPython: what imports look at (importlib._bootstrap), by the name under which code gets hold of it."""

ONLY_READ = frozenset(
    "copy count get index items keys values clear pop popitem remove reverse sort __contains__ __iter__ __len__".split()
)
"""Methods that add nothing: what they take away only makes less be found."""

CALLS = {
    "import_hook.install": Touched.FINDERS,
    "pyximport.install": Touched.FINDERS,
    "apipkg.initpkg": Touched.MODULES,
    "pkg_resources.declare_namespace": Touched.SEARCH_PATH,
    "site.main": Touched.SEARCH_PATH,
}
"""Functions that change such a thing without being handed it."""

SAYING = frozenset("critical debug error exception info log print warn warning write".split())
"""Methods that only say what they are handed, of whatever object."""


def touch(machine: Machine, touched: Touched, how: str = "in a way that is not followed") -> None:
    """From here on, what rests on it is doubted."""
    place = machine.place()
    why = Unknown(f"the code {touched.value} {how}", place if place.path else None, May.SOURCES)
    machine.taints.setdefault(touched, why)
    if touched is Touched.BUILTINS:
        machine.builtins.open = True
    elif touched is Touched.SEARCH_PATH:
        machine.importing.finder.add(None, None)


def doubt_of_finding(machine: Machine) -> Unknown | None:
    """Why a module may be found, though no file is where files are looked for; None where that cannot be."""
    taints = machine.taints
    return taints.get(Touched.FINDERS) or taints.get(Touched.MODULES)


def assigned(machine: Machine, owner: External, name: str = "") -> None:
    """`owner.name = …`, or (without a name) `owner[…] = …`, of something that is not the project's."""
    full = f"{owner.name}.{name}" if name else owner.name
    if full in HELD:
        touch(machine, HELD[full])
    elif name:
        machine.given.add(full)


def called(machine: Machine, function: Value, arguments: Arguments) -> None:
    """A call that is not followed: what may it change of what it is, and of what it is handed?

    The standard library only reads what it is handed, but for `unittest`, which puts stand-ins there.
    """
    if isinstance(function, External):
        owner, _, method = function.name.rpartition(".")
        touched = CALLS.get(function.name) or (HELD.get(owner) if method not in ONLY_READ else None)
        if touched is not None and owner != BUILTINS.name:
            touch(machine, touched)
        top = function.name.partition(".")[0]
        if machine.world.standard(top) and top != "unittest":
            return
    for value in (*arguments.positional, *arguments.keywords.values()):
        if isinstance(value, ModuleValue):
            value.module.namespace.open = True
        elif isinstance(value, External) and value.name in HELD:
            touch(machine, HELD[value.name])
