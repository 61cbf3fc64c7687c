"""What an answer rests on: everything that was asked of the disk, and what it said.

A file's status (size, times, inode) is looked at first; where it has changed, so is what was asked. A status that is
hardly older than the answer proves nothing (git calls such an entry racy): the next change may get the same times.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from parity.model.location import Unknown
from parity.tree.base import Absent, Answer, Entry, FileKind, parent_of
from parity.tree.notes import Looks, Notes, Question, digest_of, place_of

Stamp = tuple[int, int, int, int]
"""Size, inode, and the times of the last change of content and of status, in nanoseconds."""
SETTLED = 2_000_000_000
"""Nanoseconds after which two changes of a file have different times on every usual disk (FAT: 2 s)."""
FOLDERS_TELL = os.name == "posix"
"""Does the status of a folder tell that its names have changed? Windows may write it later."""


class Folder(Struct, frozen=True, array_like=True):
    """What was asked of a folder: `present` names and what they are, `absent` ones, and digests of all its names.

    A digest is "" where nobody asked for it. `refused`: why it could not be listed.
    """

    place: str
    stamp: Stamp | None
    present: dict[str, str]
    absent: tuple[str, ...] = ()
    names: str = ""
    kinds: str = ""
    refused: str = ""


class Content(Struct, frozen=True, array_like=True):
    """The digest of a file's bytes, "" where there was none."""

    place: str
    stamp: Stamp | None
    digest: str


class Other(Struct, frozen=True, array_like=True):
    """Any other question, and the answer."""

    question: Question
    place: str
    answer: str


class Trace(Struct, frozen=True, array_like=True):
    """All of it. A stamp is None where it proves nothing."""

    folders: tuple[Folder, ...]
    contents: tuple[Content, ...]
    others: tuple[Other, ...]


def trace_of(notes: Notes) -> Trace | None:
    """None where an answer was had that the disk may not give again."""
    folders = _folders(notes) if notes.complete else None
    if folders is None:
        return None
    settled = notes.began - SETTLED
    return Trace(
        tuple(folders[place].frozen(place, settled) for place in sorted(folders)),
        tuple(
            Content(place, stamp_of(place, settled), digest)
            for place, digest in sorted(notes.contents.items())
        ),
        tuple(Other(question, place, answer) for (question, place), answer in notes.others.items()),
    )


def stamp_of(place: str, settled: int) -> Stamp | None:
    """None where nothing is there, or where it has changed since `settled`."""
    try:
        status = os.stat(place)  # noqa: PTH116 - thousands of them
    except (OSError, ValueError):
        return None
    stamp = stamp_in(status)
    return stamp if max(stamp[2:]) < settled else None


def stamp_in(status: os.stat_result) -> Stamp:
    return status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def entry_text(kind: FileKind, mode: int | None, target: str) -> str:
    """What a check is told of something that is there."""
    return f"{kind.value} {target}" if kind is FileKind.SYMLINK else f"{kind.value} {mode}"


def names_digest(names: frozenset[str]) -> str:
    return _digest(sorted(names))


def kinds_digest(kinds: Mapping[str, FileKind]) -> str:
    return _digest(sorted(f"{name}/{kind.value}" for name, kind in kinds.items()))


def _digest(names: list[str]) -> str:
    return digest_of("\0".join(names).encode("utf8", "surrogateescape"))


class _Open(Struct):
    """A folder while the notes are gone through."""

    present: dict[str, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    names: str = ""
    kinds: str = ""
    refused: str = ""

    def frozen(self, place: str, settled: int) -> Folder:
        stamp = stamp_of(place, settled) if FOLDERS_TELL and not self.refused else None
        return Folder(
            place, stamp, self.present, tuple(sorted(self.absent)), self.names, self.kinds, self.refused
        )


def _folders(notes: Notes) -> dict[str, _Open] | None:
    """None where something was not told at all."""
    folders: dict[str, _Open] = {}
    for place, names in notes.names.items():
        one = folders.setdefault(place, _Open())
        if isinstance(names, Unknown):
            one.refused = names.reason.rpartition(": ")[2]
        else:
            one.names = names_digest(names)
    for place, kinds in notes.kinds.items():
        folders.setdefault(place, _Open()).kinds = kinds_digest(kinds)
    for tree, entries in notes.entries.items():
        for path, answer in _with_ancestors(tree, entries):
            if not _is_folder(answer):
                folders.pop(place_of(tree, path), None)  # nothing is in it
            above = parent_of(path)
            if above != "/" and not _is_folder(tree.lookup(above)):
                continue  # what is told of that one tells all
            one = folders.setdefault(place_of(tree, above), _Open())
            name = path[len(above) :].lstrip("/")
            if isinstance(answer, Entry):
                one.present[name] = entry_text(answer.kind, answer.mode, answer.target)
            elif isinstance(answer, Absent):
                one.absent.append(name)
            elif "cannot be listed" in answer.reason:
                one.refused = answer.reason.rpartition(": ")[2]
            else:
                return None
    return folders


def _with_ancestors(tree: Looks, entries: Mapping[str, Answer]) -> Iterator[tuple[str, Answer]]:
    """The entries, and those of the folders that they were looked for in."""
    done: set[str] = set()
    for path in entries:
        while path != "/" and path not in done:
            done.add(path)
            yield path, tree.lookup(path)
            path = parent_of(path)


def _is_folder(answer: Answer) -> bool:
    return isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY
