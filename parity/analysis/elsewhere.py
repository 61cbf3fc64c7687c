"""Where does a module lie that the start-up does not find under its name?"""

from __future__ import annotations

from difflib import get_close_matches

from msgspec import Struct

from parity.analysis.analysis import Analysis
from parity.image.counterpart import checkout_folders
from parity.model.finding import Cause, CauseKind
from parity.model.location import Unknown
from parity.python.resolve import STANDARD_LIBRARY
from parity.startup.failures import Failure
from parity.startup.simulate import Startup
from parity.tree.base import Entry, FileTree, join, parent_of

MOST_FOLDERS = 200
"""Folders that are looked into."""


class HidingModule(Struct, frozen=True):
    """A plain module at `image_path` where the checkout has a package, with the wanted module in it."""

    name: str
    image_path: str
    checkout_path: str


def off_search_path(analysis: Analysis, startup: Startup, module: str) -> Cause | None:
    """The image has the module one folder below a folder of the search path: in `src`, say."""
    folders = [startup.entrypoint.command.working_directory, *startup.search_path]
    if STANDARD_LIBRARY in folders:
        folders = folders[: folders.index(STANDARD_LIBRARY)]
    tree = analysis.image.tree
    for folder in dict.fromkeys(folders):
        names = tree.names(folder)
        for name in () if isinstance(names, Unknown) else sorted(names)[:MOST_FOLDERS]:
            path = _file(tree, join(folder, name), module)
            entry = analysis.entry(path)
            if entry is not None:
                return Cause(CauseKind.NOT_ON_SEARCH_PATH, f"it is in the image at {path}", entry.made_by)
    return None


def hiding_module(analysis: Analysis, startup: Startup, missing: Failure) -> HidingModule | None:
    """What stands in the image in place of the missing module's package; None where both worlds agree."""
    package = missing.module.rpartition(".")[0]
    there = next((one for one in startup.modules if one.name == package and one.folders is None), None)
    if there is None or not there.image_path:
        return None
    name = ".".join(missing.module.split(".")[-2:])
    for folder in checkout_folders(analysis.image.tree, parent_of(there.image_path)):
        wanted = _file(analysis.checkout, folder, name)
        beside = _file(analysis.checkout, folder, name.partition(".")[0])
        if wanted and beside.endswith("/__init__.py"):
            return HidingModule(package, there.image_path, wanted)
    return None


def similar_module(analysis: Analysis, startup: Startup, module: str) -> str | None:
    """A module of the same package of the project whose name is much like this one."""
    package, _, tail = module.rpartition(".")
    folders = next((one.local_folders for one in startup.modules if one.name == package), ())
    for folder in folders:
        names = analysis.checkout.names(folder)
        if not isinstance(names, Unknown):
            stems = sorted({name.removesuffix(".py") for name in names if name[:1] not in (".", "_")})
            if near := get_close_matches(tail, stems, 1):
                return f"{package}.{near[0]}"
    return None


def _file(tree: FileTree, folder: str, module: str) -> str:
    """The module's file, the folder being on the search path; "" where there is none."""
    base = join(folder, module.replace(".", "/"))
    for path in (f"{base}/__init__.py", f"{base}.py"):
        if isinstance(tree.lookup(path), Entry):
            return path
    return ""
