"""Compressed bytes as if they were not: gzip and zstd, decompressed as they are asked for and kept nowhere.

OCI image specification, layer.md: layers are `tar`, `tar+gzip` or `tar+zstd`; as the engines do, the content decides.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from parity.archive.source import Source
from parity.model.errors import ParityError

if TYPE_CHECKING:
    from types import ModuleType

GZIP = b"\x1f\x8b"
ZSTANDARD = b"\x28\xb5\x2f\xfd"
SKIPPABLE = tuple(bytes((0x50 + number,)) + b"\x2a\x4d\x18" for number in range(16))
"""RFC 8878: frames without data, with which a zstd file may begin."""
CHUNK = 1 << 17
STRIDE = 8 << 20
"""Plain bytes from one place that can be gone back to to the next."""
LARGEST = 64 << 30
"""Plain bytes that are read of one compressed file."""
FAIR = 2 << 30
HIGHEST_RATIO = 300
"""Of more than `FAIR` plain bytes to the compressed ones: nothing but zeros, more or less."""


def plain(source: Source) -> Source:
    """The source itself, or what it is when it is decompressed."""
    start = source.read(0, 4)
    if start.startswith(GZIP):
        return Decompressed(source, _Gzip(source))
    if start == ZSTANDARD or start in SKIPPABLE:
        return Decompressed(source, _Zstandard(source, _zstandard(source.name)))
    return source


class Decoder(Protocol):
    """A decompressor at some place of its source."""

    def read(self, length: int) -> bytes:
        """The next bytes, at most so many; none at the end."""
        ...

    def fork(self) -> Decoder | None:
        """Another one at the same place; None where that cannot be made."""
        ...

    @property
    def consumed(self) -> int:
        """How many compressed bytes were read for it."""
        ...


class Decompressed:
    """Goes on where it is, or from the nearest place before that it has kept."""

    def __init__(self, source: Source, start: Decoder) -> None:
        self.name = source.name
        self.largest, self.fair = LARGEST, FAIR
        self._decoder = start
        self._at = 0
        first = start.fork()
        self._kept: list[tuple[int, Decoder]] = [(0, first)] if first else []

    def read(self, offset: int, length: int) -> bytes:
        self._go_to(offset)
        return b"".join(self._next(length))

    def _go_to(self, offset: int) -> None:
        place, kept = max((one for one in self._kept if one[0] <= offset), key=lambda one: one[0])
        if self._at > offset or self._at < place:
            fork = kept.fork()
            assert fork is not None
            self._decoder, self._at = fork, place
        for _ in self._next(offset - self._at):
            pass

    def _next(self, length: int) -> Iterator[bytes]:
        while length > 0 and (part := self._decoder.read(min(length, CHUNK))):
            length -= len(part)
            self._at += len(part)
            self._keep()
            yield part

    def _keep(self) -> None:
        ratio = self._at / max(self._decoder.consumed, 1)
        if self._at > self.largest:
            raise ParityError(f"{self.name} is not read: it unpacks to more than {self.largest >> 20:,} MB")
        if self._at > self.fair and ratio > HIGHEST_RATIO:
            raise ParityError(
                f"{self.name} is not read: it unpacks to more than {HIGHEST_RATIO} times its size"
            )
        if self._at >= self._kept[-1][0] + STRIDE and (fork := self._decoder.fork()):
            self._kept.append((self._at, fork))


class _Gzip:
    """One or more gzip members behind each other (RFC 1952)."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._stream = zlib.decompressobj(wbits=31)
        self.consumed = 0

    def read(self, length: int) -> bytes:
        try:
            while True:
                if self._stream.eof and not self._begin_next():
                    return b""
                data = self._stream.unconsumed_tail or self._source.read(self.consumed, CHUNK)
                if not self._stream.unconsumed_tail:
                    self.consumed += len(data)
                out = self._stream.decompress(data, length)
                if self._stream.eof:
                    self.consumed -= len(self._stream.unused_data)
                if out:
                    return out
                if not data and not self._stream.eof:
                    raise ParityError(f"{self._source.name} is damaged: it ends in the middle")
        except zlib.error as error:
            raise ParityError(f"{self._source.name} is damaged: {error}") from None

    def _begin_next(self) -> bool:
        if self._source.read(self.consumed, 2) != GZIP:
            return False
        self._stream = zlib.decompressobj(wbits=31)
        return True

    def fork(self) -> _Gzip:
        made = _Gzip(self._source)
        made._stream, made.consumed = self._stream.copy(), self.consumed
        return made


class _Zstandard:
    """One or more frames (RFC 8878). A decompressor cannot be copied: what lies before is read again."""

    def __init__(self, source: Source, library: ModuleType) -> None:
        self._source = source
        self._library = library
        self._file = _Reading(source)
        self._reader = library.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
            self._file, read_size=CHUNK, read_across_frames=True
        )
        self._fresh = True

    @property
    def consumed(self) -> int:
        return self._file.at

    def read(self, length: int) -> bytes:
        self._fresh = False
        try:
            data: bytes = self._reader.read(length)
        except self._library.ZstdError as error:
            raise ParityError(f"{self._source.name} is damaged: {error}") from None
        return data

    def fork(self) -> _Zstandard | None:
        return _Zstandard(self._source, self._library) if self._fresh else None


class _Reading(io.RawIOBase):
    """A source as a file that is read from its start to its end."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.at = 0

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(self.at, size if size >= 0 else CHUNK)
        self.at += len(data)
        return data


def _zstandard(name: str) -> ModuleType:
    try:
        import zstandard
    except ImportError:
        hint = "pip install 'parity[zstd]', or save the image with another compression"
        raise ParityError(
            f"{name} is compressed with zstd, which needs the package zstandard", hint=hint
        ) from None
    return zstandard
