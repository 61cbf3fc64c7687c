"""Which modules do the folders of a package hold, and which further folders does it get?"""

from __future__ import annotations

from functools import partial

from parity.startup.library.files import absolute, is_there, listing
from parity.startup.library.known import Known, register
from parity.startup.state.failures import Raised
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    Items,
    ModuleValue,
    Value,
    text_of,
    truth,
)
from parity.tree.base import Entry, FileKind, join
from parity.tree.links import follow

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)


@known("pkgutil.iter_modules")
def _iter_modules(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    return _found_modules(machine, arguments.get(0), _prefix(arguments))


@known("pkgutil.walk_packages")
def _walk_packages(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """Packages are imported on the way, for their `__path__`; an ImportError is passed over."""
    todo = [(arguments.get(0), _prefix(arguments))]
    made = Items("list", [])
    while todo:
        folders, prefix = todo.pop()
        found = _found_modules(machine, folders, prefix)
        if not isinstance(found, Items):
            return ANYTHING
        made.elements += found.elements
        for info in found.elements:
            assert isinstance(info, Items)
            name = text_of(info.elements[1])
            if name is None or not truth(info.elements[2]):
                continue
            try:
                with machine.guarded(lambda raised: "ImportError" in raised.bases) as guard:
                    package = machine.importing.import_module(name)
            except Raised as raised:
                if raised.guard is not guard:
                    raise
                continue
            if isinstance(package, ModuleValue):
                todo.append((package.module.attribute("__path__"), f"{name}."))
    return made


def _prefix(arguments: Arguments) -> str:
    return text_of(arguments.get(1, "prefix") or Constant("")) or ""


def _found_modules(machine: Machine, folders: Value | None, prefix: str) -> Value:
    """One level of `pkgutil.iter_modules`."""
    if not isinstance(folders, Items) or not folders.complete:
        machine.undecided += 1
        return ANYTHING
    found: list[Value] = []
    for folder in folders.elements:
        for name, package in modules_in(machine, text_of(folder)):
            found.append(Items("module info", [ANYTHING, Constant(prefix + name), Constant(package)]))
    return Items("list", found)


def modules_in(machine: Machine, folder: str | None) -> list[tuple[str, bool]]:
    """What `pkgutil.iter_modules` gives for a folder: (name, is it a package?), sorted by name."""
    if folder is None:
        return []
    found: dict[str, bool] = {}
    for name in listing(machine, folder):
        stem, dot, suffix = name.partition(".")
        path = join(absolute(machine, folder), name)
        answer = follow(machine.world.files, path).answer
        if not isinstance(answer, Entry):
            continue
        if answer.kind is FileKind.DIRECTORY and stem.isidentifier() and not dot:
            inside = follow(machine.world.files, path + "/__init__.py").answer
            if isinstance(inside, Entry):
                found[name] = True
        elif suffix == "py" and stem != "__init__" and stem:
            found.setdefault(stem, False)
    return sorted(found.items())


@known("pkgutil.extend_path")
def _extend_path(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """Every folder of the package's name on the search path that holds an `__init__.py` is added."""
    own, name = arguments.get(0), text_of(arguments.get(1))
    if not (isinstance(own, Items) and own.complete and name is not None):
        return ANYTHING
    known = [text_of(folder) for folder in own.elements]
    parent = name.rpartition(".")[0]
    above = machine.importing.modules.get(parent) if parent else None
    search = machine.importing.search_path if not parent else above.folders if above is not None else None
    if search is None:
        return ANYTHING
    for entry in search:
        folder = f"{entry.rstrip('/')}/{name.rpartition('.')[2]}"
        if folder not in known and is_there(machine, f"{folder}/__init__.py"):
            known.append(folder)
    return Items("list", [Constant(folder) for folder in known])
