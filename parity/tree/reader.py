"""The one door to the files of this machine: what is at a place, and its bytes, within bounds.

What is read was written by others. Only regular files are opened, and none is waited for: not a FIFO, not a device,
not a file of procfs that blocks. What cannot be read is an answer.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from parity.model.errors import ParityError
from parity.model.location import Location, Unknown
from parity.tree.base import ABSENT, Absent

LARGEST_FILE = 32 << 20
"""Bytes; a larger file is not read."""
LARGEST_SETTINGS = 1 << 20
"""Bytes of a file that people write by hand: a configuration, a compose file; and of a baseline."""
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
# Linux: open(2): O_NONBLOCK also keeps what only looks like a regular file from blocking (/proc/kmsg).
_FLAGS = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
    _FLAGS |= getattr(os, _flag, 0)


def read_file(
    place: Path, shown: str, *, largest: int = LARGEST_FILE, within: Path | None = None
) -> bytes | Absent | Unknown:
    """The bytes of the file at `place`; `shown` is its name in messages.

    `within`: a resolved folder; a file that is a link is read only if it leads into that folder.
    """
    try:
        if within is not None and stat.S_ISLNK(place.lstat().st_mode):
            place = Path(os.path.realpath(place))
            if not place.is_relative_to(within):
                return Unknown(
                    f"{shown} cannot be read: it is a link that leads out of {within.name or within}"
                )
        kind = no_file_kind(place.stat().st_mode)  # some devices act when they are opened
        if kind:
            return Unknown(f"{shown} cannot be read: it is {kind}, not a file")
        opened = os.open(place, _FLAGS)
        try:
            return _bytes_of(opened, shown, largest)
        finally:
            os.close(opened)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return ABSENT  # a name with a NUL byte is a ValueError: no file has it
    except OSError as error:
        return ABSENT if is_too_long(error) else Unknown(f"{shown} cannot be read: {error.strerror}")


def open_file(place: Path, shown: str, *, within: Path | None = None) -> BinaryIO | None:
    """The regular file at `place`, however large, open for reading; None where there is none. Raises ParityError.

    `within`: a resolved folder; a link that leads out of it is not followed.
    """
    try:
        place = Path(os.path.realpath(place))
        if within is not None and not place.is_relative_to(within):
            raise ParityError(
                f"{shown} cannot be read: it is a link that leads out of {within.name or within}"
            )
        kind = no_file_kind(place.stat().st_mode)
        if kind:
            raise ParityError(f"{shown} cannot be read: it is {kind}, not a file")
        return os.fdopen(os.open(place, _FLAGS), "rb", buffering=0)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        raise ParityError(f"{shown} cannot be read: {error.strerror}") from None


def read_text(
    place: Path, shown: str, *, largest: int = LARGEST_SETTINGS, within: Path | None = None
) -> str | Absent:
    """The text of a file that must be UTF-8 where it is there. Raises ParityError, with the file's name."""
    data = read_file(place, shown, largest=largest, within=within)
    if isinstance(data, Unknown):
        raise ParityError(data.reason)
    return data if isinstance(data, Absent) else decoded(data, shown)


def decoded(data: bytes, shown: str) -> str:
    """Raises ParityError, with file and line, for what is no UTF-8."""
    try:
        return data.decode("utf8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ParityError(
            f"this is not UTF-8: byte 0x{data[error.start]:02x}", Location(shown, line), "save it as UTF-8"
        ) from None


def status_of(place: Path) -> os.stat_result | None:
    """Links are followed; None where nothing is there, or nothing can be told."""
    try:
        return place.stat()
    except (OSError, ValueError):
        return None


def is_there(place: Path) -> bool:
    """Something is there, whatever it is; a link that leads nowhere is nothing."""
    return status_of(place) is not None


def is_file(place: Path) -> bool:
    """A regular file, or a link to one."""
    status = status_of(place)
    return status is not None and stat.S_ISREG(status.st_mode)


def is_folder(place: Path) -> bool:
    """A folder, or a link to one."""
    status = status_of(place)
    return status is not None and stat.S_ISDIR(status.st_mode)


def is_link(place: Path) -> bool:
    """A link, wherever it leads."""
    try:
        return stat.S_ISLNK(place.lstat().st_mode)
    except (OSError, ValueError):
        return False


def repository_of(folder: Path) -> Path:
    """The nearest folder, from the resolved `folder` up, that git keeps; `folder` itself where none does."""
    return next((above for above in (folder, *folder.parents) if is_there(above / ".git")), folder)


def is_too_long(error: OSError) -> bool:
    """Linux: ENAMETOOLONG: a name of more than 255 bytes, or a path of more than 4,096; no file has it."""
    import errno

    return error.errno == errno.ENAMETOOLONG


def no_file_kind(mode: int) -> str:
    """What it is that is no regular file; "" for one that is."""
    if stat.S_ISREG(mode):
        return ""
    return next((name for is_so, name in _KINDS if is_so(mode)), "something else")


def _bytes_of(opened: int, shown: str, largest: int) -> bytes | Unknown:
    status = os.fstat(opened)
    kind = no_file_kind(status.st_mode)
    if kind:
        return Unknown(f"{shown} cannot be read: it is {kind}, not a file")
    # A file of procfs has no size, and one may grow while it is read.
    parts: list[bytes] = []
    left = largest + 1 if status.st_size <= largest else 0
    while left > 0:
        part = os.read(opened, min(left, max(status.st_size + 1, 1 << 16)))
        if not part:
            return b"".join(parts)
        parts.append(part)
        left -= len(part)
    return Unknown(f"{shown} is larger than {_size(largest)} and was not read")


def _size(number: int) -> str:
    if number >= 1 << 20:
        return f"{number >> 20} MB"
    return f"{number >> 10} KB" if number >= 1 << 10 else f"{number} bytes"
