"""Which file is this module? The one resolver, the same for the checkout and for the image.

CPython asks `sys.meta_path` in order: built-in modules, frozen modules, then `PathFinder`, which goes through
`sys.path` (or the parent's `__path__`) entry by entry. In each folder (CPython: `importlib._bootstrap_external.
FileFinder.find_spec`) the name is tried as

1. a package: `name/__init__` with one of the suffixes, in the loaders' order: extension modules, `.py`, `.pyc`;
2. a module: `name` + suffix, in the same order;
3. a folder `name` without `__init__`: a portion of a namespace package, remembered while the search goes on.

The first package or module wins over every portion, even over those of earlier folders. Names are compared
with the folder's listing, exact in case. Links are followed.

Here the folders belong to a `FileTree`, so the same code answers for both worlds; the standard library stands
in the search path as an entry of its own (`STANDARD_LIBRARY`), because its place decides what shadows what.
A tree may answer Unknown (an opaque build step could have put a file there): a module found further on is
taken, else the answer is `Undecided`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from parity.model.location import Unknown
from parity.model.version import PythonVersion
from parity.tree.base import Entry, FileKind, FileTree
from parity.tree.links import follow

STANDARD_LIBRARY = "<standard library>"
"""The entry of a search path that stands for lib/python3.X, its zip and lib-dynload."""

SOURCE_SUFFIX, BYTECODE_SUFFIX = ".py", ".pyc"
EXTENSION_SUFFIX = ".so"


class SourceModule(Struct, frozen=True):
    """A `.py` file. `path` is a path of the tree it was found in; of a package, its `__init__.py`."""

    name: str
    path: str
    package: bool


class CompiledModule(Struct, frozen=True):
    """An extension module or a `.pyc` without source: importable, its names are not known."""

    name: str
    path: str
    package: bool


class NamespacePackage(Struct, frozen=True):
    """Folders without `__init__`. `undecided`: a regular package may stand further on the search path."""

    name: str
    folders: tuple[str, ...]
    undecided: Unknown | None = None


class StandardLibrary(Struct, frozen=True):
    name: str


class Missing(Struct, frozen=True):
    """Nothing of that name. `other_case`: a path that differs only in case, where there is one."""

    name: str
    other_case: str | None = None


class Undecided(Struct, frozen=True):
    """It may be there: something that cannot be known decides. `folder`: where it would be, "" where anywhere."""

    name: str
    unknown: Unknown
    folder: str = ""


Resolution = SourceModule | CompiledModule | NamespacePackage | StandardLibrary | Missing | Undecided


def find(
    name: str,
    folders: Sequence[str],
    tree: FileTree,
    is_standard: Callable[[str], bool],
    python: PythonVersion | None = None,
) -> Resolution:
    """What the import of the dotted `name` finds in `folders` (paths of `tree`): sys.path or a `__path__`.

    `python` decides which extension modules are for this interpreter; None: any may be.
    """
    tail = name.rpartition(".")[2]
    portions: list[str] = []
    doubts: list[tuple[Unknown, str]] = []
    other_case: str | None = None
    for folder in folders:
        if folder == STANDARD_LIBRARY:
            if is_standard(name):
                return StandardLibrary(name)
            continue
        base = folder.rstrip("/") + "/" + tail
        real = follow(tree, folder).path
        there = follow(tree, tail, start=real)
        found = there.answer
        if isinstance(found, Entry) and found.kind is FileKind.DIRECTORY:
            inside = _file(tree, base, there.path, "__init__", name, python, package=True)
            if isinstance(inside, SourceModule | CompiledModule):
                return inside
            doubts += [(inside, folder)] if inside else []
        elif isinstance(found, Unknown) and not found.no_modules:
            doubts.append((found, folder))
        beside = _file(tree, folder, real, tail, name, python, package=False)
        if isinstance(beside, SourceModule | CompiledModule):
            return beside
        doubts += [(beside, folder)] if beside else []
        if isinstance(found, Entry) and found.kind is FileKind.DIRECTORY:
            portions.append(base)
        elif other_case is None:
            other_case = _other_case(tree, folder, real, tail)
    doubt, where = _together(doubts)
    if portions:
        return NamespacePackage(name, tuple(portions), doubt)
    if doubt is not None:
        return Undecided(name, doubt, where)
    return Missing(name, other_case)


def _together(doubts: Sequence[tuple[Unknown, str]]) -> tuple[Unknown | None, str]:
    """One doubt for those of all folders, the most powerful step first, and the folder of that one."""
    if len(doubts) < 2:
        return doubts[0] if doubts else (None, "")
    first, folder = min(doubts, key=lambda doubt: (doubt[0].early, doubt[0].may.rank))
    steps = dict.fromkeys(step for doubt, _ in doubts for step in doubt.steps)
    main, *_ = first.steps
    return replace(first, others=tuple(step for step in steps if step != main)), folder


def _file(
    tree: FileTree,
    folder: str,
    real: str,
    stem: str,
    name: str,
    python: PythonVersion | None,
    *,
    package: bool,
) -> SourceModule | CompiledModule | Unknown | None:
    """`real`: the folder once links are followed."""
    base = folder.rstrip("/") + "/" + stem
    listing = tree.names(real)
    if not isinstance(listing, Unknown):
        extensions = [one for one in listing if one.endswith(EXTENSION_SUFFIX) and one.startswith(stem + ".")]
        for other in sorted(extensions, key=len, reverse=True):  # the longest has a tag
            if _is_extension(other[len(stem) :], python) and _is_file(tree, real, other) is True:
                return CompiledModule(name, folder.rstrip("/") + "/" + other, package)
    source, compiled = (_is_file(tree, real, stem + suffix) for suffix in (SOURCE_SUFFIX, BYTECODE_SUFFIX))
    if source is True:
        return SourceModule(name, base + SOURCE_SUFFIX, package)
    if compiled is True:
        return CompiledModule(name, base + BYTECODE_SUFFIX, package)
    doubts = (doubt for doubt in (source, compiled, listing) if isinstance(doubt, Unknown))
    return next((doubt for doubt in doubts if not doubt.no_modules), None)


def _is_file(tree: FileTree, real: str, name: str) -> bool | Unknown:
    answer = follow(tree, name, start=real).answer
    return (
        answer if isinstance(answer, Unknown) else isinstance(answer, Entry) and answer.kind is FileKind.FILE
    )


_TAG = re.compile(r"\.cpython-(\d)(\d+)-.*linux.*")


def _is_extension(suffix: str, python: PythonVersion | None) -> bool:
    """CPython: `importlib.machinery.EXTENSION_SUFFIXES` of that version on Linux; None: of any."""
    if not suffix.endswith(EXTENSION_SUFFIX):
        return False
    middle = suffix.removesuffix(EXTENSION_SUFFIX)
    if python is None:
        return middle in ("", ".abi3") or middle.startswith((".cpython-", ".pypy"))
    tag = _TAG.fullmatch(middle)
    mine = tag is not None and (int(tag[1]), int(tag[2])) == (python.major, python.minor)
    return mine or middle in ("", ".abi3") or middle.startswith(".pypy")


def _other_case(tree: FileTree, folder: str, real: str, tail: str) -> str | None:
    listing = tree.names(real)
    if isinstance(listing, Unknown):
        return None
    wanted = {tail.lower(), tail.lower() + SOURCE_SUFFIX}
    for other in sorted(listing):
        if other.lower() in wanted and other not in (tail, tail + SOURCE_SUFFIX):
            return folder.rstrip("/") + "/" + other
    return None
