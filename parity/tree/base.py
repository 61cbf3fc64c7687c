"""What every set of files can answer: what is at this path, and what is in this folder.

Paths are strings, absolute in their own tree, with `/`, cleaned (no `.`, `..`, double or trailing slash):
`/src/api/main.py` in the checkout is the file `src/api/main.py` of the project. `/` is the tree's root.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from enum import Enum
from typing import Protocol

from msgspec import Struct

from parity.model.location import Location, Unknown


class FileKind(Enum):
    """What a directory entry is. Devices and sockets count as files."""

    FILE = "file"
    DIRECTORY = "dir"
    SYMLINK = "symlink"


class Entry(Struct, frozen=True):
    """Something that is there.

    `target`    of a symlink, as written
    `source`    the checkout path whose bytes it has (None: the base image's, or made by an instruction)
    `content`   its bytes where an instruction wrote them and they are known
    `altered`   why its bytes are not those of `source` any more, and cannot be told
    `compiled`  what it was compiled from, of a file of bytecode
    `packed`    what is in it, of a zip file that an instruction made
    `stored`    where its bytes are, of a file of an image that was built
    `made_by`   the instruction that put it there
    `mode`      permission bits, None if not known
    `owner`     "0" or "root" or a name or number, None if not known
    """

    kind: FileKind
    target: str = ""
    source: str | None = None
    content: bytes | None = None
    altered: Unknown | None = None
    compiled: Compiled | None = None
    packed: Packed | None = None
    stored: Stored | None = None
    made_by: Location | None = None
    mode: int | None = None
    owner: str | None = None


class Compiled(Struct, frozen=True):
    """Bytecode of the file `source`, as it was then; `filename` is the name that tracebacks tell."""

    filename: str
    source: Entry


class Packed(Struct, frozen=True):
    """A zip file of the folder `folder` of `files`, as that was then.

    `main`: the text of its `__main__.py`, where that is not the folder's; `prefix`: what stands before the zip.
    """

    files: FileTree
    folder: str = "/"
    main: bytes | None = None
    prefix: bytes = b""


class Stored(Struct, frozen=True):
    """The bytes of the file `path` of `files`."""

    files: FileTree
    path: str


class Absent(Struct, frozen=True):
    """Nothing is there. `removed_by`: the instruction that took it away, where one did."""

    removed_by: Location | None = None


Answer = Entry | Absent | Unknown
ABSENT = Absent()


class FileTree(Protocol):
    """A set of files. Symlinks are never followed here: see `tree/links.py`."""

    def lookup(self, path: str) -> Answer:
        """What is at exactly this path, exact in case."""
        ...

    def names(self, path: str) -> frozenset[str] | Unknown:
        """The names in the folder `path` (empty if it is no folder); Unknown where it cannot be listed.

        A listing may be incomplete under an opaque RUN; then `lookup` of a further name gives Unknown.
        """
        ...

    def read(self, path: str) -> bytes | Unknown:
        """The bytes of the file at this path (a FILE by `lookup`); Unknown where they cannot be told."""
        ...


def join(folder: str, path: str) -> str:
    """`path` seen from `folder`, cleaned; never climbs above `/`. An absolute `path` stands alone."""
    return clean(posixpath.join(folder, path))


def parent_of(path: str) -> str:
    """The folder that holds the file or folder at this absolute path; `/` of `/`."""
    return path.rpartition("/")[0] or "/"


def child(folder: str, name: str) -> str:
    """The path of `name`, one segment and not `.` or `..`, in a folder."""
    return f"/{name}" if folder == "/" else f"{folder}/{name}"


def clean(path: str) -> str:
    """An absolute, cleaned path: `/a/./b/../c/` -> `/a/c`. A relative one is taken from `/`."""
    path = path if path.startswith("/") else "/" + path
    if "//" not in path and "/." not in path and not path.endswith("/"):
        return path
    done = posixpath.normpath(path)
    return done[1:] if done.startswith("//") else done


def within(path: str, folder: str) -> bool:
    """Is `path` the folder itself or below it?"""
    return path == folder or folder == "/" or path.startswith(folder + "/")


def ancestors(path: str) -> Iterator[str]:
    """`/a/b` -> `/a/b`, `/a`, `/`."""
    while path != "/":
        yield path
        path = parent_of(path)
    yield "/"


def below(path: str, folder: str) -> str:
    """The part of `path` (which is within `folder`) below it: "" for the folder itself, else `a/b`."""
    return path[len(folder) :].lstrip("/") if folder != "/" else path[1:]
