"""The members of a tar archive, one after the other, wherever its bytes come from.

`tarfile` reads the headers, behind a reader that never goes back and never holds more than a header may be: a size
below zero or a name of gigabytes ends the reading instead (CVE-2025-8194). Nothing is extracted.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator

from msgspec import Struct

from parity.archive.source import Source
from parity.model.errors import ParityError
from parity.tree.base import FileKind

LONGEST_HEADER = 1 << 20
"""Bytes of an extended header: of names, attributes."""
CHUNK = 1 << 20


class Member(Struct, frozen=True):
    """One member as it is written.

    `kind`    None of a hard link; devices and sockets are files
    `link`    what a link leads to, as written
    `offset`  where its `size` bytes begin; None where they are not the file's content (a device, a sparse file)
    """

    name: str
    kind: FileKind | None
    mode: int
    owner: str
    link: str
    offset: int | None
    size: int


class _Tar(tarfile.TarFile):
    members: list[tarfile.TarInfo]
    """Those that were read so far."""


class Walk:
    """Iterates once. `sha256`: of everything, once it is at its end."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._reader = _Forward(source)

    def __iter__(self) -> Iterator[Member]:
        try:
            with _Tar.open(fileobj=self._reader, mode="r:", errors="surrogateescape", encoding="utf8") as tar:
                while (member := tar.next()) is not None:
                    tar.members.clear()  # otherwise it keeps them all
                    yield _member(member)
        except (tarfile.TarError, ValueError, EOFError, OverflowError, RecursionError) as error:
            raise ParityError(f"{self._source.name} is damaged: {error}") from None
        # `tarfile` takes a header that it cannot read for the end.
        if self._reader.last.strip(b"\0") or not self._reader.last:
            raise ParityError(f"{self._source.name} is damaged: it ends in the middle")
        self._reader.finish()

    @property
    def sha256(self) -> str:
        return self._reader.hash.hexdigest()


def _member(member: tarfile.TarInfo) -> Member:
    if member.isdir():
        kind: FileKind | None = FileKind.DIRECTORY
    elif member.issym():
        kind = FileKind.SYMLINK
    else:
        kind = None if member.islnk() else FileKind.FILE
    has_bytes = member.isreg() and not member.issparse()
    return Member(
        member.name,
        kind,
        member.mode & 0o7777,
        f"{member.uid}:{member.gid}",
        member.linkname,
        member.offset_data if has_bytes else None,
        member.size if has_bytes else 0,
    )


class _Forward(io.RawIOBase):
    """A source as a file that is read from its start on; what is passed over counts for the digest."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._at = 0
        self.hash = hashlib.sha256()
        self.last = b""

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        if whence or offset < self._at:
            raise ParityError(f"{self._source.name} is damaged: a member has an impossible size")
        while self._at < offset and self._take(min(CHUNK, offset - self._at)):
            pass
        return self._at

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= LONGEST_HEADER:
            raise ParityError(f"{self._source.name} is not read: a header in it is larger than 1 MB")
        self.last = self._take(size)
        return self.last

    def finish(self) -> None:
        """The rest counts, too: padding, mostly."""
        while self._take(CHUNK):
            pass

    def _take(self, size: int) -> bytes:
        data = self._source.read(self._at, size)
        self._at += len(data)
        self.hash.update(data)
        return data
