"""A set of files held in memory: what tests are written in, and small made-up trees."""

from __future__ import annotations

from collections.abc import Mapping

from parity.model.location import Unknown
from parity.tree.base import ABSENT, Answer, Entry, FileKind, clean


class MemoryTree:
    """Files given as `{"src/a.py": "text", "src/link.py": Entry(...)}`; parent folders are implied.

    A value of None makes an empty folder.
    """

    def __init__(self, files: Mapping[str, str | bytes | Entry | None]) -> None:
        self._entries: dict[str, Entry] = {"/": Entry(FileKind.DIRECTORY, source="/")}
        self._names: dict[str, set[str]] = {}
        for name, what in files.items():
            path = clean(name)
            if isinstance(what, Entry):
                entry = what
            elif what is None:
                entry = Entry(FileKind.DIRECTORY, source=path)
            else:
                content = what.encode("utf8", "surrogateescape") if isinstance(what, str) else what
                entry = Entry(FileKind.FILE, source=path, content=content, mode=0o644)
            self._add(path, entry)

    def _add(self, path: str, entry: Entry) -> None:
        self._entries[path] = entry
        parent, _, name = path.rpartition("/")
        if name:
            self._names.setdefault(parent or "/", set()).add(name)
            if (parent or "/") not in self._entries:
                self._add(parent, Entry(FileKind.DIRECTORY, source=parent))

    def lookup(self, path: str) -> Answer:
        return self._entries.get(path, ABSENT)

    def names(self, path: str) -> frozenset[str] | Unknown:
        return frozenset(self._names.get(path, ()))

    def read(self, path: str) -> bytes | Unknown:
        entry = self._entries.get(path)
        if entry is None or entry.content is None:
            return Unknown(f"no file {path}")
        return entry.content
