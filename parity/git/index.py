"""Which files does git track? The index of a repository, versions 2 to 4, split and sparse (gitformat-index(5)).

dulwich reads indexes too: it takes 1.5 s for one of 100,000 files, reads no split one, and brings an HTTP client.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import cached_property

from msgspec import Struct

SHA1 = 20
"""Bytes that name an object, but in a repository that says otherwise."""
_HEADER = 12
_STATUS = 40
"""Bytes of an entry before the name of its object; its mode is at 24."""
_EXTENDED, _INTENDED = 0x40, 0x20
"""In the first byte of the flags, and of those that follow them: `git add -N` has added nothing yet."""
_LENGTH = 0xFFF
"""The bits of the flags that hold the length of a name, all set for a longer one."""
_MOST_TIMES = 8
"""How many times as long as the index, in version 4, all its names may be."""
_FILE, _LINK, _FOLDER, _SUBMODULE = 0x8, 0xA, 0x4, 0xE
"""What an entry is: the uppermost bits of its mode. A folder stands for all that is in it, in a sparse index."""


class NotReadError(Exception):
    """It is no index, or none of a form that is known here."""


class _Entry(Struct, frozen=True):
    """`kind`: 0 where nothing is added yet."""

    name: bytes
    kind: int


class _Entries(Struct, frozen=True):
    """In the order of the index; `end`: where the extensions begin."""

    all: tuple[_Entry, ...]
    end: int


class Index:
    """The files that git tracks; their names are bytes, relative to the top of the work tree.

    `data`: the index; `shared`: reads the file that a split index is laid over, by its name. Raises NotReadError for
    what is no index; so does every question to one that is damaged.
    """

    def __init__(self, data: bytes, shared: Callable[[str], bytes], hash_size: int = SHA1) -> None:
        self._version = int.from_bytes(data[4:8], "big")
        if data[:4] != b"DIRC" or len(data) < _HEADER or self._version not in (2, 3, 4):
            raise NotReadError
        self._data = data
        self._shared = shared
        self._hash_size = hash_size
        self._fixed = _STATUS + hash_size

    def untracked(self, names: Iterable[bytes]) -> list[bytes]:
        """Those of the files that git does not have.

        A check asks about a few files, whatever the repository has: they are looked for as text, in the index's order.
        Only what is not found so, a new file as a rule, takes the time to read all entries.
        """
        left: list[bytes] = []
        at = _HEADER
        for name in sorted(names):
            found = self._find(name, at)
            if found is None:
                left.append(name)
            else:
                at = found
        return [name for name in left if not self.tracks(name)]

    def tracks(self, name: bytes) -> bool:
        """Does git have this file?"""
        at = bisect_right(self._names, name)
        nearest = self._names[at - 1] if at else b""
        return nearest == name or (nearest.endswith(b"/") and name.startswith(nearest))

    def tracks_below(self, folder: bytes) -> bool:
        """Does git have anything in this folder? b"": anything at all."""
        start = folder and folder + b"/"
        at = bisect_right(self._names, start)
        inside = at < len(self._names) and self._names[at].startswith(start)
        return inside or self.tracks(start or b"/")

    def submodule(self, name: bytes) -> bytes | None:
        """The folder of the submodule that the path is in, or is."""
        parts = name.split(b"/")
        above = (b"/".join(parts[:count]) for count in range(1, len(parts) + 1))
        return next((folder for folder in above if folder in self._submodules), None)

    def _find(self, name: bytes, start: int) -> int | None:
        """Where the name of its entry stands, looked for from `start` on."""
        if self._version == 4:  # a name is what differs from the one before
            return None
        text, at = name + b"\0", start
        while (at := self._data.find(text, at)) >= 0:
            # What is just the end of a longer name has a part of that before it.
            if self._is_entry(at - self._fixed - 2, at, len(name)):
                return at
            at += 1
        return None

    def _is_entry(self, entry: int, name: int, length: int) -> bool:
        data = self._data
        flags = int.from_bytes(data[name - 2 : name], "big")
        return (
            entry >= _HEADER
            and flags == length < _LENGTH  # no other flag, such as that of a conflict
            and data[entry + 24 : entry + 26] == b"\0\0"
            and data[entry + 26] >> 4 in (_FILE, _LINK)
        )

    @cached_property
    def _names(self) -> list[bytes]:
        return sorted(one.name for one in self._every if one.kind in (_FILE, _LINK, _FOLDER))

    @cached_property
    def _submodules(self) -> frozenset[bytes]:
        return frozenset(one.name for one in self._every if one.kind == _SUBMODULE)

    @cached_property
    def _every(self) -> tuple[_Entry, ...]:
        own = self._read()
        link = self._extension(b"link", own.end)
        if link is None or not any(link[: self._hash_size]):
            return own.all
        base = Index(self._shared(f"sharedindex.{link[: self._hash_size].hex()}"), _no_other, self._hash_size)
        below = base._read().all
        deleted = _bits(link[self._hash_size :], len(below))
        kept = (one for number, one in enumerate(below) if not deleted >> number & 1)
        return (
            *kept,
            *(one for one in own.all if one.name),
        )  # without a name: it takes the place of one below

    def _extension(self, name: bytes, at: int) -> bytes | None:
        while at + 8 <= len(self._data) - self._hash_size:
            size = int.from_bytes(self._data[at + 4 : at + 8], "big")
            if self._data[at : at + 4] == name:
                return self._data[at + 8 : at + 8 + size]
            at += 8 + size
        return None

    def _read(self) -> _Entries:
        data, at = self._data, _HEADER
        entries: list[_Entry] = []
        name = b""
        left = _MOST_TIMES * len(data)
        try:
            for _ in range(int.from_bytes(data[8:12], "big")):
                start = at + self._fixed + 2
                kind = data[at + 26] >> 4
                if data[start - 2] & _EXTENDED:
                    kind = 0 if data[start] & _INTENDED else kind
                    start += 2
                if self._version == 4:
                    dropped, start = _number(data, start)
                    end = data.index(0, start)
                    name = name[: len(name) - dropped] + data[start:end]
                    at = end + 1
                    left -= len(name)
                    if left < 0:
                        raise NotReadError
                else:
                    end = data.index(0, start)
                    name = data[start:end]
                    at += (end - at + 8) & ~7
                entries.append(_Entry(name, kind))
        except (IndexError, ValueError):
            raise NotReadError from None
        return _Entries(tuple(entries), at)


def _no_other(name: str) -> bytes:
    raise NotReadError(name)


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and where it ends (git: `varint.c`)."""
    byte = data[at]
    value = byte & 0x7F
    while byte & 0x80:
        at += 1
        byte = data[at]
        value = ((value + 1) << 7) | (byte & 0x7F)
    return value, at + 1


def _bits(data: bytes, most: int) -> int:
    """The bitmap that the data begins with, as one number (git: `ewah/ewah_bitmap.c`, `ewah_io.c`)."""
    length = min(8 + 8 * int.from_bytes(data[4:8], "big"), len(data))
    words = [int.from_bytes(data[at : at + 8], "big") for at in range(8, length, 8)]
    size = min(int.from_bytes(data[:4], "big"), most)
    bits = at = done = 0
    while at < len(words):
        marker = words[at]
        run, literals = marker >> 1 & 0xFFFFFFFF, marker >> 33
        if done + 64 * run > size + 64:  # a damaged one may say what it will
            break
        if marker & 1:
            bits |= ((1 << 64 * run) - 1) << done
        done += 64 * run
        for word in words[at + 1 : at + 1 + literals]:
            bits |= word << done
            done += 64
        at += 1 + literals
    return bits & ((1 << size) - 1)
