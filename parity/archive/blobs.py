"""The files that an archive of an image consists of, by name: members of a tar archive, or files of a folder."""

from __future__ import annotations

import posixpath
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from parity.archive.compressed import plain
from parity.archive.members import Walk
from parity.archive.source import FileSource, Part, Source
from parity.model.errors import ParityError
from parity.tree.base import FileKind, clean
from parity.tree.reader import open_file

MOST_BLOBS = 100_000
MOST_LINKS = 40


class Blobs(Protocol):
    """`name` is what messages call the archive."""

    @property
    def name(self) -> str: ...

    def open(self, name: str) -> Part | None:
        """The blob of this name; None where there is none."""
        ...


class FolderBlobs:
    """An OCI image layout as a folder. `until`: when its files are closed again."""

    def __init__(self, folder: Path, name: str, until: ExitStack) -> None:
        self.name = name
        self._folder = folder.resolve()
        self._until = until

    def open(self, name: str) -> Part | None:
        path = clean(name)[1:]
        shown = f"{self.name}/{path}"
        opened = open_file(self._folder / path, shown, within=self._folder)
        if opened is None:
            return None
        source = FileSource(self._until.enter_context(opened), shown)
        return Part(source, 0, source.size, shown)


class TarBlobs:
    """A tar archive, compressed or not. Of a name that is there twice the last one counts."""

    def __init__(self, source: Source) -> None:
        self.name = source.name
        self._plain = plain(source)
        self._parts: dict[str, tuple[int, int]] = {}
        self._links: dict[str, str] = {}
        for number, member in enumerate(Walk(self._plain)):
            if number >= MOST_BLOBS:
                raise ParityError(f"{self.name} is not read: it has more than {MOST_BLOBS:,} members")
            path = clean(member.name)
            if member.kind is FileKind.FILE and member.offset is not None:
                self._parts[path] = (member.offset, member.size)
            elif (
                member.kind is FileKind.SYMLINK
            ):  # Docker before 25 links a layer that it has written already
                self._links[path] = posixpath.join(posixpath.dirname(path), member.link)
            elif member.kind is None:
                self._links[path] = member.link

    def open(self, name: str) -> Part | None:
        path = clean(name)
        for _ in range(MOST_LINKS):
            if path in self._parts:
                start, size = self._parts[path]
                return Part(self._plain, start, size, f"{self.name}: {path[1:]}")
            if path not in self._links:
                return None
            path = clean(self._links[path])
        return None
