"""Bytes that are read where they are asked for: a file of this machine, and a part of one."""

from __future__ import annotations

import os
from typing import BinaryIO, Protocol

from parity.model.errors import ParityError


class Source(Protocol):
    """Bytes from 0 on. `name` is what messages call them."""

    @property
    def name(self) -> str: ...

    def read(self, offset: int, length: int) -> bytes:
        """`length` bytes, fewer at the end alone. Raises ParityError where they cannot be read."""
        ...


class FileSource:
    """An open file that can be read at any place."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.file = file
        self.name = name

    def read(self, offset: int, length: int) -> bytes:
        parts: list[bytes] = []
        try:
            self.file.seek(offset)
            while length > 0 and (part := self.file.read(length)):
                parts.append(part)
                length -= len(part)
        except OSError as error:
            raise ParityError(f"{self.name} cannot be read: {error.strerror}") from None
        return b"".join(parts)

    @property
    def size(self) -> int:
        return os.fstat(self.file.fileno()).st_size


class Part:
    """`size` bytes of another source, from `start` on."""

    def __init__(self, whole: Source, start: int, size: int, name: str) -> None:
        self.whole = whole
        self.start = start
        self.size = size
        self.name = name

    def read(self, offset: int, length: int) -> bytes:
        length = min(length, self.size - offset)
        return self.whole.read(self.start + offset, length) if length > 0 else b""
