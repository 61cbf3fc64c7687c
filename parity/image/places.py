"""Where in the image does a destination lead, and what is in its way?"""

from __future__ import annotations

from msgspec import Struct

from parity.image.builder import ImageBuilder
from parity.image.tree import ImageTree
from parity.model.errors import ParityError
from parity.model.location import Location, Unknown
from parity.model.octets import octets
from parity.tree.base import Absent, Answer, Entry, FileKind, FileTree
from parity.tree.links import Resolved, follow

LONGEST_PATH, LONGEST_NAME = 4095, 255
"""Bytes. Linux: PATH_MAX, less the zero at the end, and NAME_MAX."""


class InTheWayError(ParityError):
    """The build fails because of what the image has at `path`."""

    def __init__(self, message: str, location: Location, path: str) -> None:
        super().__init__(message, location)
        self.path = path


def refuse_long(path: str, location: Location) -> None:
    """Raises ParityError for an image path that Linux cannot hold (Docker: "file name too long")."""
    if len(path) * 4 > LONGEST_NAME:
        data = octets(path)
        if len(data) > LONGEST_PATH or max(map(len, data.split(b"/"))) > LONGEST_NAME:
            raise ParityError(f"{path[:80]}…: file name too long", location)


def find_place(files: FileTree, path: str, location: Location) -> Resolved:
    """Where the cleaned image path leads, links followed. Raises InTheWayError for links without end."""
    place = follow(files, path)
    if isinstance(place.answer, Absent) and isinstance(files.lookup(place.path), Entry):
        raise InTheWayError(f"too many links: {place.path}", location, place.path)
    return place


class _Unremoved(Struct, frozen=True):
    """The image's files as they are if no step of which it cannot be told took any away."""

    tree: ImageTree

    def lookup(self, path: str) -> Answer:
        return self.tree.unremoved(path)

    def names(self, path: str) -> frozenset[str] | Unknown:
        return self.tree.names(path)

    def read(self, path: str) -> bytes | Unknown:
        return self.tree.read(path)


class Doubt(Struct, frozen=True):
    """An image path leads to or below one of two places, as a link on the way may have been removed: see `unknown`."""

    places: tuple[str, str]
    unknown: Unknown


def find_doubt(files: ImageBuilder, path: str) -> Doubt | None:
    """Does the cleaned image path lead elsewhere if what may have been removed is there still?"""
    place = follow(files, path)
    if not isinstance(place.answer, Unknown):
        return None
    other = follow(_Unremoved(files.snapshot()), path)
    if other.path == place.path:
        return None
    return Doubt((_first_not_there(files, place.path), _first_not_there(files, other.path)), place.answer)


def _first_not_there(files: FileTree, path: str) -> str:
    """The path, or the topmost folder on the way to it that is not there for certain."""
    while (folder := path.rpartition("/")[0]) and not isinstance(files.lookup(folder), Entry):
        path = folder
    return path


def refuse_file_above(files: FileTree, path: str, location: Location) -> None:
    """Raises InTheWayError if a folder on the way to `path` is none."""
    while (path := path.rpartition("/")[0]) != "":
        answer = files.lookup(path)
        if isinstance(answer, Entry) and answer.kind is not FileKind.DIRECTORY:
            raise InTheWayError(f"mkdir {path}: not a directory", location, path)
        if isinstance(answer, Entry):
            return


def find_folder(files: FileTree, path: str, location: Location) -> str:
    """Where a folder is, or is to be made. Raises InTheWayError if something else is there or above."""
    place = find_place(files, path, location)
    if isinstance(place.answer, Entry) and place.answer.kind is not FileKind.DIRECTORY:
        raise InTheWayError(f"mkdir {place.path}: not a directory", location, place.path)
    if isinstance(place.answer, Absent):
        refuse_file_above(files, place.path, location)
    return place.path
