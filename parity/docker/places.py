"""Where in the image does a destination lead, and what is in its way?"""

from __future__ import annotations

from parity.model.errors import ParityError
from parity.model.location import Location
from parity.tree.base import Absent, Entry, FileKind, FileTree
from parity.tree.links import Resolved, follow


class InTheWayError(ParityError):
    """The build fails because of what the image has at `path`."""

    def __init__(self, message: str, location: Location, path: str) -> None:
        super().__init__(message, location)
        self.path = path


def find_place(files: FileTree, path: str, location: Location) -> Resolved:
    """Where the cleaned image path leads, links followed. Raises InTheWayError for links without end."""
    place = follow(files, path)
    if isinstance(place.answer, Absent) and isinstance(files.lookup(place.path), Entry):
        raise InTheWayError(f"too many links: {place.path}", location, place.path)
    return place


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
