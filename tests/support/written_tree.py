"""A plain in-memory WritableTree: paths in a dictionary, nothing clever."""

from __future__ import annotations

from collections.abc import Set

from msgspec.structs import replace

from parity.model.location import Unknown
from parity.tree.base import ABSENT, Answer, Compiled, Entry, FileKind, FileTree, join, within
from parity.tree.writable import Content


class WrittenTree:
    def __init__(self, files: dict[str, str | bytes | Entry | None] | None = None) -> None:
        self.entries: dict[str, Entry | Unknown] = {"/": Entry(FileKind.DIRECTORY)}
        self.obscured: list[tuple[str, Unknown, tuple[str, ...]]] = []
        for path, what in (files or {}).items():
            if what is None:
                self.make_directory(path)
            elif isinstance(what, Entry):
                self.make_directory(path.rpartition("/")[0] or "/")
                self.entries[path] = what
            else:
                self.write(path, what.encode() if isinstance(what, str) else what)

    def lookup(self, path: str) -> Answer:
        found = self.entries.get(path)
        if found is not None:
            return found
        for folder, unknown, suffixes in reversed(self.obscured):
            if within(path, folder) and (not suffixes or path.endswith(suffixes)):
                return unknown
        return ABSENT

    def names(self, path: str) -> frozenset[str] | Unknown:
        stem = path.rstrip("/") + "/"
        return frozenset(
            p[len(stem) :]
            for p, e in self.entries.items()
            if p.startswith(stem) and p != path and "/" not in p[len(stem) :] and isinstance(e, Entry)
        )

    def read(self, path: str) -> bytes | Unknown:
        entry = self.entries.get(path)
        if isinstance(entry, Entry) and entry.content is not None:
            return entry.content
        return Unknown("no content")

    def snapshot(self) -> FileTree:
        copy = WrittenTree()
        copy.entries, copy.obscured = dict(self.entries), list(self.obscured)
        return copy

    def make_directory(self, path: str, mode: int | None = None) -> None:
        while path not in self.entries or isinstance(self.entries[path], Unknown):
            self.entries[path] = Entry(FileKind.DIRECTORY, mode=mode or 0o755)
            path = path.rpartition("/")[0] or "/"

    def write(self, path: str, content: Content, mode: int | None = None) -> None:
        self.make_directory(path.rpartition("/")[0] or "/")
        known = content if isinstance(content, bytes) else None
        old = self.entries.get(path)
        bits = mode or (old.mode if isinstance(old, Entry) else None) or 0o644
        compiled = content if isinstance(content, Compiled) else None
        self.entries[path] = Entry(FileKind.FILE, content=known, compiled=compiled, mode=bits)

    def link(self, path: str, target: str) -> None:
        self.make_directory(path.rpartition("/")[0] or "/")
        self.entries[path] = Entry(FileKind.SYMLINK, target=target)

    def remove(self, path: str) -> None:
        for below in [p for p in self.entries if within(p, path)]:
            del self.entries[below]
        self.obscured = [o for o in self.obscured if not within(o[0], path)]

    def rename(self, old: str, new: str) -> None:
        self.copy(old, new)
        self.remove(old)

    def copy(self, old: str, new: str, *, without: frozenset[str] = frozenset()) -> None:
        self.copy_from(self, old, new, {join(old, path) for path in without})

    def copy_from(self, other: FileTree, old: str, new: str, without: Set[str] = frozenset()) -> None:
        self.make_directory(new.rpartition("/")[0] or "/")
        todo = [(old, new)]
        while todo:
            source, target = todo.pop()
            entry = other.lookup(source)
            if not isinstance(entry, Entry):
                continue
            here = self.entries.get(target)
            self.entries[target] = replace(entry)
            if entry.kind is FileKind.DIRECTORY:
                assert not isinstance(here, Entry) or here.kind is FileKind.DIRECTORY, "merged onto a file"
                names = other.names(source)
                assert not isinstance(names, Unknown)
                todo += [
                    (join(source, name), join(target, name))
                    for name in names
                    if join(source, name) not in without
                ]
            elif entry.content is None and entry.kind is FileKind.FILE:
                content = other.read(source)
                if isinstance(content, bytes):
                    self.entries[target] = replace(entry, content=content)

    def change_mode(self, path: str, mode: int | None, owner: str | None, *, recursive: bool) -> None:
        for below in list(self.entries):
            entry = self.entries[below]
            if (below == path or (recursive and within(below, path))) and isinstance(entry, Entry):
                self.entries[below] = replace(entry, mode=mode or entry.mode, owner=owner or entry.owner)

    def obscure(
        self, folder: str, unknown: Unknown, *, suffixes: tuple[str, ...] = (), removes: bool = False
    ) -> None:
        if removes:
            for path in [p for p in self.entries if within(p, folder) and p != "/"]:
                self.entries[path] = unknown
        self.obscured.append((folder, unknown, suffixes))

    def listing(self) -> dict[str, str]:
        """Path -> `dir`, `-> target`, or the text of a file (`?` if not known)."""
        done = {}
        for path, entry in sorted(self.entries.items()):
            if isinstance(entry, Unknown):
                done[path] = "unknown"
            elif entry.kind is FileKind.DIRECTORY:
                done[path] = "dir"
            elif entry.kind is FileKind.SYMLINK:
                done[path] = f"-> {entry.target}"
            else:
                done[path] = "?" if entry.content is None else entry.content.decode("utf8", "surrogateescape")
        return done
