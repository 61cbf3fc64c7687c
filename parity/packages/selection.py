"""Which files does a wheel take from a project's folder, and where do they go?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct, field

from parity.model.location import Unknown
from parity.tree.base import Absent, Entry, FileKind, FileTree, join
from parity.tree.links import follow
from parity.tree.writable import WritableTree

MOST_FILES = 10_000
PROBE = "_probe_pb2.py"
"""A name that no project has: is it Unknown, then any file may be in that folder."""


def take_all(_path: str) -> bool:
    return True


def is_code(name: str) -> bool:
    return name != "__pycache__" and not name.endswith((".pyc", ".pyo"))


class Piece(Struct, frozen=True):
    """The file or folder `source` (an image path) becomes `target` (below site-packages; "": itself).

    `wanted`: of a folder, which files are taken, by their path relative to it.
    """

    source: str
    target: str
    wanted: Callable[[str], bool] = take_all


class Contents(Struct, frozen=True):
    """What a build backend puts into a wheel.

    `roots`      folders that an editable installation adds to the search path
    `mapped`     packages that it finds elsewhere than their names say: dotted name, folder
    `data`       files below site-packages of which it cannot be told whether they are taken: folder, endings
    `programs`   files copied into the `bin` folder
    `generated`  files (image paths) that the build writes into the project
    `unknown`    why the packages cannot be told
    `failure`    why the build is certain to fail
    """

    pieces: tuple[Piece, ...] = ()
    roots: tuple[str, ...] = ()
    mapped: tuple[tuple[str, str], ...] = ()
    data: tuple[tuple[str, tuple[str, ...]], ...] = ()
    programs: tuple[str, ...] = ()
    generated: tuple[str, ...] = ()
    unknown: str = ""
    failure: str = ""


class Folder(Struct):
    """What is below a folder. `open`: relative folders where further files may be; `links`: path -> where."""

    files: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    complete: bool = True


def walk(files: FileTree, top: str, *, most: int = MOST_FILES) -> Folder:
    """All that is known below `top`, links to folders not entered; paths relative to it, parents first."""
    found = Folder()
    todo = [""]
    count = 0
    while todo:
        folder = todo.pop()
        whole = join(top, folder)
        names = files.names(whole)
        if isinstance(files.lookup(join(whole, PROBE)), Unknown) or isinstance(names, Unknown):
            found.open.append(folder)
        for name in () if isinstance(names, Unknown) else sorted(names):
            count += 1
            if count > most:
                found.complete = False
                return found
            path = f"{folder}/{name}" if folder else name
            entry = files.lookup(join(top, path))
            if not isinstance(entry, Entry):
                continue
            if entry.kind is FileKind.DIRECTORY:
                if name != "__pycache__":
                    todo.append(path)
                found.folders.append(path)
            elif entry.kind is FileKind.SYMLINK:
                there = follow(files, join(top, path))
                if isinstance(there.answer, Entry):
                    found.links[path] = there.path
                    if there.answer.kind is FileKind.FILE:
                        found.files.append(path)
            else:
                found.files.append(path)
    return found


def place(piece: Piece, files: WritableTree, destination: str) -> None:
    """Copy what is wanted of a piece below the folder `destination`."""
    here = follow(files, piece.source)
    target = join(destination, piece.target) if piece.target else destination
    if isinstance(here.answer, Absent):
        return
    if isinstance(here.answer, Unknown) or here.answer.kind is FileKind.FILE:
        files.copy(here.path, target)
        return
    inside = walk(files, here.path)
    kept: set[str] = set()
    for path in inside.files:
        if piece.wanted(path):
            kept.update(_upwards(path))
    for folder in inside.open:
        probe = f"{folder}/{PROBE}" if folder else PROBE
        if piece.wanted(probe):
            kept.update(_upwards(probe))
    if not kept and inside.complete:
        return
    left_out = {path for path in (*inside.files, *inside.folders) if path not in kept} | set(inside.links)
    least = frozenset(path for path in left_out if path.rpartition("/")[0] not in left_out)
    files.copy(here.path, target, without=least)
    for path, real in inside.links.items():
        if path in kept:
            files.copy(real, join(target, path))


def _upwards(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]
