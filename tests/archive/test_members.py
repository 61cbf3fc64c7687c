"""The members of a tar archive, and what no archive of an image may be."""

from __future__ import annotations

import hashlib
import io
import tarfile

import pytest

from parity.archive.members import Member, Walk
from parity.archive.source import FileSource
from parity.model.errors import ParityError
from parity.tree.base import FileKind
from tests.support.archives import link, tar_of


def walk(data: bytes) -> Walk:
    return Walk(FileSource(io.BytesIO(data), "layer"))


def special(kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo()
    member.type = kind
    return member


def test_each_kind() -> None:
    data = tar_of(
        {
            "d": None,
            "d/a": "text",
            "soft": link("d/a"),
            "hard": link("d/a", hard=True),
            "fifo": special(tarfile.FIFOTYPE),
        }
    )
    found = {member.name: member for member in walk(data)}
    assert found["d"] == Member("d", FileKind.DIRECTORY, 0o755, "0:0", "", None, 0)
    assert found["d/a"] == Member("d/a", FileKind.FILE, 0o644, "0:0", "", 1024, 4)
    assert (found["soft"].kind, found["soft"].link) == (FileKind.SYMLINK, "d/a")
    assert (found["hard"].kind, found["hard"].link) == (None, "d/a")
    assert (found["fifo"].kind, found["fifo"].offset) == (FileKind.FILE, None)


def test_the_digest_is_that_of_everything() -> None:
    data = tar_of({"a": "x" * 5_000_000, "b": "y"}) + b"\0" * 3_000_000
    made = walk(data)
    assert [member.name for member in made] == ["a", "b"]
    assert made.sha256 == hashlib.sha256(data).hexdigest()


def test_long_names_and_names_in_other_encodings() -> None:
    names = ["a" * 300, "ä/ö", "b\udcff"]
    assert [member.name for member in walk(tar_of(dict.fromkeys(names, "x")))] == names


def test_an_archive_without_members() -> None:
    assert list(walk(bytes(1024))) == []


@pytest.mark.parametrize("length", [100, 512, 700, 1024, 1600])
def test_a_truncated_archive(length: int) -> None:
    data = tar_of({"a": "1", "b": "2" * 900})
    with pytest.raises(ParityError, match="layer is damaged: "):
        list(walk(data[:length]))


def test_a_damaged_header_in_the_middle_is_not_the_end() -> None:
    data = bytearray(tar_of({"a": "1", "b": "2"}))
    data[1024] ^= 1
    with pytest.raises(ParityError, match="layer is damaged: it ends in the middle"):
        list(walk(bytes(data)))


def test_no_archive_at_all() -> None:
    with pytest.raises(ParityError, match="layer is damaged: "):
        list(walk(b"PK\x03\x04" + bytes(2000)))


def _with_size(data: bytes, size: bytes) -> bytes:
    """The first header with another size field, and the checksum that belongs to it."""
    header = bytearray(data[:512])
    header[124:136] = size
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + data[512:]


def test_a_size_below_zero_ends_the_reading() -> None:
    data = _with_size(tar_of({"a": "1", "b": "2"}), b"\xff" * 10 + b"\xf0\x00")
    with pytest.raises(ParityError, match="layer is damaged: a member has an impossible size"):
        list(walk(data))


def test_a_size_behind_the_end_is_damage() -> None:
    data = _with_size(tar_of({"a": "1", "b": "2"}), b"77777777777\0")
    with pytest.raises(ParityError, match="layer is damaged: "):
        list(walk(data))


def test_a_header_of_megabytes_is_not_read() -> None:
    with pytest.raises(ParityError, match="layer is not read: a header in it is larger than 1 MB"):
        list(walk(tar_of({"n" * 2_000_000: "x"})))
