"""What was asked of this machine's files, and what they answered: for whoever wants to know if that still holds.

Everything that is read goes through `tree/reader.py` and `tree/disk.py`, and both tell it here. So nothing can be read
that is not noted, whoever reads it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from hashlib import blake2b
from typing import Protocol

from parity.model.location import Unknown
from parity.tree.base import Answer, FileKind


class Question(Enum):
    """What can be asked of a path, besides its bytes and what is in a folder. The answers are texts."""

    KIND = "kind"
    """The kind of file, links followed; "" where there is none."""
    OWN_KIND = "own kind"
    """The same, of the link itself."""
    SIZE = "size"
    """Bytes, links followed."""
    REAL = "real"
    """The path without links."""


class Looks(Protocol):
    """A tree of files of this machine; `place`: its root, "" for the machine's own."""

    place: str

    def lookup(self, path: str) -> Answer:
        """As of any tree."""
        ...


class Notes:
    """The questions, and the answers that were given; `began`: since when what was answered may have changed.

    Paths are this machine's, but those of `entries`, which are the trees'. `entries`: what lies exactly there;
    `names` and `kinds`: what is in a folder; `contents`: digests of bytes, "" where there is no file. `complete`: False
    where an answer was had that another run may not get: what could not be read, what changed in the meantime, what
    took too long.
    """

    def __init__(self) -> None:
        self.began = time.time_ns()
        self.complete = not _in_haste
        self.entries: dict[Looks, dict[str, Answer]] = {}
        self.names: dict[str, frozenset[str] | Unknown] = {}
        self.kinds: dict[str, Mapping[str, FileKind]] = {}
        self.contents: dict[str, str] = {}
        self.others: dict[tuple[Question, str], str] = {}


_taking: list[Notes] = []


@contextmanager
def noted() -> Iterator[Notes]:
    """Yields notes of all that is asked meanwhile, by whatever part of the program."""
    notes = Notes()
    _taking.append(notes)
    try:
        yield notes
    finally:
        _taking[:] = [one for one in _taking if one is not notes]


def note_entry(tree: Looks, path: str, answer: Answer, began: int) -> None:
    """`began`: since when it may have changed, for it may have been looked at for somebody else."""
    for notes in _taking:
        notes.entries.setdefault(tree, {})[path] = answer
        notes.began = min(notes.began, began)


def note_names(tree: Looks, path: str, names: frozenset[str] | Unknown) -> None:
    """The names in a folder, which was looked up before."""
    for notes in _taking:
        notes.names[place_of(tree, path)] = names


def note_kinds(tree: Looks, path: str, kinds: Mapping[str, FileKind]) -> None:
    """The same, of names with their kinds."""
    for notes in _taking:
        notes.kinds[place_of(tree, path)] = kinds


def place_of(tree: Looks, path: str) -> str:
    """The path of this machine."""
    return tree.place + path if path != "/" else tree.place or "/"


def is_noted() -> bool:
    """Does anybody want to know?"""
    return bool(_taking)


def note_content(place: str, digest: str, began: int | None = None) -> None:
    """The digest of a file's bytes, "" where there is none. `began`: since when it may have changed, if it was not
    read just now.
    """
    for notes in _taking:
        notes.began = min(notes.began, began or notes.began)
        if notes.contents.setdefault(place, digest) != digest:
            notes.complete = False


def note(question: Question, place: str, answer: str) -> None:
    """The answer to any other question."""
    for notes in _taking:
        if notes.others.setdefault((question, place), answer) != answer:
            notes.complete = False


def note_unrepeatable() -> None:
    """What is answered now may be answered otherwise in another run, with no file changed."""
    for notes in _taking:
        notes.complete = False


def note_haste() -> None:
    """From now on this run may say what a slower or a quicker one would not."""
    global _in_haste
    _in_haste = True
    note_unrepeatable()


_in_haste = False


def digest_of(data: bytes) -> str:
    """What tells one content from every other."""
    return blake2b(data, digest_size=16).hexdigest()
