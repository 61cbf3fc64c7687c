"""Which packages and modules does setuptools find in a folder? (setuptools: `discovery.py`)"""

from __future__ import annotations

from msgspec import Struct

from parity.model.location import Unknown
from parity.patterns.globs import name_matches
from parity.tree.base import Entry, FileKind, FileTree, join
from parity.tree.links import follow

MOST_FOLDERS = 5_000
EXTRA_STUBS = "-stubs"

_NOT_PACKAGES = (
    "ci bin debian doc docs documentation manpages news newsfragments changelog test tests unit_test "
    "unit_tests example examples scripts tools util utils python build dist venv env requirements "
    "tasks fabfile site_scons benchmark benchmarks exercise exercises htmlcov [._]*"
).split()
FLAT_PACKAGES = tuple(pattern for name in _NOT_PACKAGES for pattern in (name, f"{name}.*"))
FLAT_MODULES = tuple(
    (
        "setup conftest test tests example examples build toxfile noxfile pavement dodo tasks fabfile "
        "[Ss][Cc]onstruct conanfile manage benchmark benchmarks exercise exercises [._]*"
    ).split()
)


class Finder(Struct, frozen=True):
    """`namespaces`: folders without `__init__.py` count; `importable`: only names that can be imported do."""

    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ("*",)
    namespaces: bool = False
    importable: bool = False

    def takes(self, name: str) -> bool:
        return name_matches(self.include, name) and not name_matches(self.exclude, name)


def find(files: FileTree, where: str, finder: Finder) -> tuple[str, ...]:
    """Dotted names, parents before children. A folder that may have an `__init__.py` is taken to have one."""
    found: list[str] = []
    top = follow(files, where).path
    todo = [("", top)]
    count = 0
    while todo and count < MOST_FOLDERS:
        package, folder = todo.pop()
        names = files.names(folder)
        inside = []
        for name in () if isinstance(names, Unknown) else sorted(names):
            if "." in name or name == "__pycache__" or name.endswith("__pycache__"):
                continue
            there = follow(files, join(folder, name))
            if not isinstance(there.answer, Entry) or there.answer.kind is not FileKind.DIRECTORY:
                continue
            count += 1
            full = f"{package}.{name}" if package else name
            if not _looks_like_package(files, there.path, full, finder):
                continue
            if name_matches(("ez_setup",), full):
                continue
            if finder.takes(full):
                found.append(full)
            if f"{full}*" in finder.exclude or f"{full}.*" in finder.exclude:
                continue
            if full.count(".") < 40:
                inside.append((full, there.path))
        todo += reversed(inside)
    return tuple(found)


def _looks_like_package(files: FileTree, folder: str, name: str, finder: Finder) -> bool:
    if finder.importable:
        first, *others = name.split(".")
        return (first.isidentifier() or first.endswith(EXTRA_STUBS)) and all(o.isidentifier() for o in others)
    if finder.namespaces:
        return True
    answer = follow(files, join(folder, "__init__.py")).answer
    return isinstance(answer, Unknown) or (isinstance(answer, Entry) and answer.kind is FileKind.FILE)


def modules_in(files: FileTree, folder: str) -> tuple[str, ...]:
    """The names of the `.py` files in a folder."""
    names = files.names(follow(files, folder).path)
    if isinstance(names, Unknown):
        return ()
    return tuple(sorted(name[:-3] for name in names if name.endswith(".py") and not name.startswith(".")))


def top_level(packages: tuple[str, ...]) -> tuple[str, ...]:
    """Those that lie in no other: `a`, `a.b`, `c.d` -> `a`, `c.d`."""
    known = set(packages)
    found = []
    for name in packages:
        parent = name.rpartition(".")[0]
        while parent and parent not in known:
            parent = parent.rpartition(".")[0]
        if not parent:
            found.append(name)
    return tuple(found)
