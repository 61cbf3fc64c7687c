"""Compressed bytes are read at any place, in any order."""

from __future__ import annotations

import gzip
import io
import random

import pytest
import zstandard

from parity.archive.compressed import STRIDE, Decompressed, plain
from parity.archive.source import FileSource, Source
from parity.model.errors import ParityError

TEXT = random.Random(1).randbytes(1 << 16) * (2 * STRIDE // (1 << 16) + 5)
"""Larger than what lies between two places that are gone back to."""


def source(data: bytes) -> FileSource:
    return FileSource(io.BytesIO(data), "a.tar")


@pytest.mark.parametrize(
    "compress", [gzip.compress, zstandard.compress, bytes], ids=["gzip", "zstd", "plain"]
)
def test_reading_at_any_place(compress: object) -> None:
    made: Source = plain(source(compress(TEXT)))  # type: ignore[operator]
    for offset in (0, 2 * STRIDE + 7, 5, STRIDE, STRIDE - 1, len(TEXT) - 3):
        assert made.read(offset, 10) == TEXT[offset : offset + 10]
    assert made.read(len(TEXT), 10) == b""
    assert made.read(3, len(TEXT)) == TEXT[3:]


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_several_members_are_one(compress: object) -> None:
    data = b"".join(compress(part) for part in (b"one ", b"", b"two"))  # type: ignore[operator]
    assert plain(source(data)).read(0, 100) == b"one two"


def test_what_follows_gzip_and_is_none_is_left_out() -> None:
    assert plain(source(gzip.compress(b"text") + b"\0" * 100)).read(0, 100) == b"text"


@pytest.mark.parametrize("cut", [1, 8, 500])
def test_a_truncated_file_is_damaged(cut: int) -> None:
    data = gzip.compress(random.Random(2).randbytes(5_000))
    with pytest.raises(ParityError, match=r"a\.tar is damaged: it ends in the middle"):
        plain(source(data[:-cut])).read(0, 10_000)


def test_changed_bytes_are_damaged() -> None:
    data = bytearray(gzip.compress(b"some text that is long enough"))
    data[-6] ^= 1
    with pytest.raises(ParityError, match=r"a\.tar is damaged: .*incorrect data check"):
        plain(source(bytes(data))).read(0, 100)


def test_changed_bytes_of_zstd_are_damaged() -> None:
    with pytest.raises(ParityError, match=r"a\.tar is damaged: zstd"):
        plain(source(zstandard.compress(TEXT)[:4] + b"\xff" * 50)).read(0, 100)


def test_a_bomb_is_not_read() -> None:
    bomb = plain(source(gzip.compress(bytes(5_000_000))))
    assert isinstance(bomb, Decompressed)
    bomb.fair = 1_000_000
    with pytest.raises(ParityError, match=r"a\.tar is not read: it unpacks to more than 300 times its size"):
        bomb.read(4_000_000, 1)


def test_too_much_is_not_read() -> None:
    large = plain(source(gzip.compress(TEXT)))
    assert isinstance(large, Decompressed)
    large.largest = 1 << 20
    with pytest.raises(ParityError, match=r"a\.tar is not read: it unpacks to more than 1 MB"):
        large.read(4_000_000, 1)
