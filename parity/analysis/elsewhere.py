"""Where does a module lie that the start-up does not find under its name?"""

from __future__ import annotations

from difflib import get_close_matches
from unicodedata import normalize

from msgspec import Struct

from parity.analysis.analysis import Analysis
from parity.image.counterpart import checkout_folders
from parity.model.finding import Cause, CauseKind
from parity.model.location import Unknown
from parity.python.resolve import STANDARD_LIBRARY
from parity.startup.simulate import Startup
from parity.startup.state.failures import Failure
from parity.tree.base import Entry, FileTree, join, parent_of

MOST_FOLDERS = 200
"""Folders that are looked into."""
MOST_NAMES = 2_000


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
                return Cause(
                    CauseKind.NOT_ON_SEARCH_PATH, f"it is in the image at {path}", entry.made_by, path
                )
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


class SimilarModule(Struct, frozen=True):
    """A module of the project whose name is much like a missing one's. `root`: the folder it is imported from."""

    name: str
    root: str


def similar_module(
    analysis: Analysis, startup: Startup, module: str, importer: str = ""
) -> SimilarModule | None:
    """Of the same package; not the `importer` itself."""
    package, _, tail = module.rpartition(".")
    inner = package.replace(".", "/")
    roots = [root for root in startup.local_path if root.startswith("/")]
    loaded = next((one.local_folders for one in startup.modules if one.name == package), ())
    roots = [one.removesuffix(f"/{inner}") or "/" for one in loaded if one.endswith(f"/{inner}")] or roots
    for root in roots:
        folder = join(root, inner)
        names = analysis.checkout.names(folder)
        if not isinstance(names, Unknown):
            stems = {_stem(analysis.checkout, folder, name) for name in sorted(names)[:MOST_NAMES]}
            stems -= {"", importer.rpartition(".")[2] if importer.rpartition(".")[0] == package else ""}
            near = _alike(tail, stems)
            if near:
                return SimilarModule(f"{package}.{near}".lstrip("."), root)
    return None


def similar_submodule(analysis: Analysis, package: str, name: str) -> str:
    """The module, much like the name, of the package whose `__init__.py` has this image path; "" where none is."""
    entry = analysis.entry(package)
    if entry is None or not entry.source or not package.endswith("/__init__.py"):
        return ""
    folder = parent_of(entry.source)
    names = analysis.checkout.names(folder)
    stems = set() if isinstance(names, Unknown) else {_stem(analysis.checkout, folder, one) for one in names}
    return _alike(name, stems - {""})


def _alike(word: str, words: set[str]) -> str:
    """The one in another form of Unicode, that goes on where the word ends, or that is spelt much the same."""
    same = [one for one in words if normalize("NFC", one) == normalize("NFC", word)]
    if same:
        return same[0]
    longer = [one for one in sorted(words) if len(word) > 2 and one.startswith(f"{word}_")]
    near = longer or get_close_matches(word, sorted(words), 2, 0.8)
    return near[0] if len(near) == 1 or (near and not longer) else ""


def _stem(tree: FileTree, folder: str, name: str) -> str:
    """The module that the name is; "" where it is none."""
    if name[:1] in (".", "_"):
        return ""
    if name.endswith(".py"):
        return name.removesuffix(".py")
    return name if isinstance(tree.lookup(join(folder, f"{name}/__init__.py")), Entry) else ""


def _file(tree: FileTree, folder: str, module: str) -> str:
    """The module's file, the folder being on the search path; "" where there is none."""
    base = join(folder, module.replace(".", "/"))
    for path in (f"{base}/__init__.py", f"{base}.py"):
        if isinstance(tree.lookup(path), Entry):
            return path
    return ""
