"""Does the disk still say what it said? Each path is looked at once a run, however many answers rest on it."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from typing import assert_never

from msgspec.structs import replace

from parity.cache.trace import (
    FOLDERS_TELL,
    SETTLED,
    Content,
    Folder,
    Other,
    Stamp,
    Trace,
    entry_text,
    kinds_digest,
    names_digest,
    stamp_in,
)
from parity.tree.base import FileKind
from parity.tree.disk import kind_of, mode_of
from parity.tree.notes import Question, digest_of
from parity.tree.reader import is_link, kind_text, read_file, real_path, size_of, status_of

LARGEST = 256 << 20
"""Bytes of a file that is read again: no answer rests on a larger one."""


class Disk:
    """What it says now, as it was first seen in this run."""

    def __init__(self) -> None:
        self._settled = time.time_ns() - SETTLED
        self._own: dict[str, os.stat_result | None] = {}
        self._followed: dict[str, os.stat_result | None] = {}
        self._digests: dict[str, str | None] = {}
        self._kinds: dict[str, Mapping[str, FileKind] | str] = {}
        self._others: dict[tuple[Question, str], str] = {}

    def renewed(self, trace: Trace) -> Trace | None:
        """The trace, with the stamps of now, if all that it says is true; else None."""
        folders = []
        for folder in trace.folders:
            renewed = self._folder(folder)
            if renewed is None:
                return None
            folders.append(renewed)
        contents = []
        for content in trace.contents:
            same = self._content(content)
            if same is None:
                return None
            contents.append(same)
        if not all(self._other(other) == other.answer for other in trace.others):
            return None
        changed = folders != list(trace.folders) or contents != list(trace.contents)
        return Trace(tuple(folders), tuple(contents), trace.others) if changed else trace

    def _folder(self, folder: Folder) -> Folder | None:
        stamp = self._stamp(folder.place)
        if folder.stamp is None or folder.stamp != stamp:
            if not self._lists(folder):
                return None
            new = self._trusted(stamp) if FOLDERS_TELL and not folder.refused else None
            if new != folder.stamp:
                folder = replace(folder, stamp=new)
        place = folder.place.rstrip("/")
        for name, said in folder.present.items():
            if self._entry(f"{place}/{name}") != said:
                return None
        return folder

    def _lists(self, folder: Folder) -> bool:
        """Are its names those that were asked for?"""
        kinds = self._kinds.get(folder.place)
        if kinds is None:
            kinds = self._kinds[folder.place] = _listing(folder.place)
        if isinstance(kinds, str):
            return kinds == folder.refused
        return (
            not folder.refused
            and kinds.keys() >= folder.present.keys()
            and kinds.keys().isdisjoint(folder.absent)
            and (not folder.names or folder.names == names_digest(frozenset(kinds)))
            and (not folder.kinds or folder.kinds == kinds_digest(kinds))
        )

    def _entry(self, place: str) -> str:
        status = self._own_status(place)
        if status is None:
            return ""
        if stat.S_ISLNK(status.st_mode):
            try:
                return entry_text(FileKind.SYMLINK, None, os.readlink(place))  # noqa: PTH115
            except OSError:
                return ""
        kind = FileKind.DIRECTORY if stat.S_ISDIR(status.st_mode) else FileKind.FILE
        return entry_text(kind, mode_of(status), "")

    def _content(self, content: Content) -> Content | None:
        stamp = self._stamp(content.place)
        if content.stamp is not None and content.stamp == stamp:
            return content
        if stamp is None and not content.digest:
            return content  # it was not there, and is not
        if self._digest(content.place) != content.digest:
            return None
        new = self._trusted(stamp)
        return content if new == content.stamp else replace(content, stamp=new)

    def _digest(self, place: str) -> str | None:
        if place not in self._digests:
            data = read_file(Path(place), place, largest=LARGEST)
            self._digests[place] = digest_of(data) if isinstance(data, bytes) else None
        return self._digests[place]

    def _other(self, other: Other) -> str:
        key = other.question, other.place
        said = self._others.get(key)
        if said is None:
            said = self._others[key] = _answer(other.question, Path(other.place))
        return said

    def _stamp(self, place: str) -> Stamp | None:
        """What links lead to."""
        status = self._own.get(place)
        if status is None or stat.S_ISLNK(status.st_mode):
            if place not in self._followed:
                self._followed[place] = _status(place, follow=True)
            status = self._followed[place]
        return None if status is None else stamp_in(status)

    def _trusted(self, stamp: Stamp | None) -> Stamp | None:
        return stamp if stamp is not None and max(stamp[2:]) < self._settled else None

    def _own_status(self, place: str) -> os.stat_result | None:
        if place not in self._own:
            self._own[place] = _status(place, follow=False)
        return self._own[place]


def _status(place: str, *, follow: bool) -> os.stat_result | None:
    try:
        return os.stat(place, follow_symlinks=follow)  # noqa: PTH116 - thousands of them
    except (OSError, ValueError):
        return None


def _listing(place: str) -> Mapping[str, FileKind] | str:
    """The names and their kinds, or why there are none to be had."""
    try:
        with os.scandir(place) as entries:
            return {entry.name: kind_of(entry) for entry in entries}
    except OSError as error:
        return error.strerror or "?"


def _answer(question: Question, place: Path) -> str:
    match question:
        case Question.KIND:
            return kind_text(status_of(place))
        case Question.OWN_KIND:
            return "link" if is_link(place) else ""
        case Question.SIZE:
            size = size_of(place)
            return "" if size is None else str(size)
        case Question.REAL:
            return str(real_path(place))
        case _:
            assert_never(question)
