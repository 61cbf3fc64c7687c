"""A folder of this user's, with a file for each question: written whole or not at all, and never trusted to be sound.

Another run may write the same file, delete it, or end in the middle; the disk may be full, the folder read-only. All of
that is a miss, and a miss is no error.
"""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

MOST_BYTES = 256 << 20
"""Of all answers together; the longest unused go first."""
LARGEST = 32 << 20
"""Bytes of one answer."""
_DAY = 24 * 60 * 60
_SUFFIX = ".answer"
_CHECK = 16
_TAG = "CACHEDIR.TAG"
_TAGGED = b"Signature: 8a477f597d28d172789f06886806bc55\n# made by parity: https://bford.info/cachedir/\n"


class Store:
    """`place`: the folder, made at the first answer."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def get(self, key: str) -> bytes | None:
        """What was put there, if it is whole."""
        file = self._file(key)
        try:
            with file.open("rb") as opened:
                status = os.fstat(opened.fileno())
                if not _is_ours(status) or status.st_size > LARGEST:
                    return None
                data = opened.read(LARGEST)
        except (OSError, ValueError):
            return None
        check, content = data[:_CHECK], data[_CHECK:]
        if check != _check_of(content):
            return None
        if time.time() - status.st_mtime > _DAY:
            with suppress(OSError):
                os.utime(file)  # it is of use
        return content

    def put(self, key: str, content: bytes) -> None:
        """Nothing is said of a failure: the next run asks again."""
        if len(content) + _CHECK > LARGEST:
            return
        file = self._file(key)
        beside = file.with_name(f".{key}-{os.getpid()}-{os.urandom(4).hex()}")
        try:
            if not self._is_made():
                return
            beside.write_bytes(_check_of(content) + content)
            beside.replace(file)
        except OSError:
            with suppress(OSError):
                beside.unlink()

    def prune(self) -> None:
        """Keeps it within its bounds, and takes away what runs left that were ended."""
        found = []
        with suppress(OSError), os.scandir(self.place) as entries:
            for entry in entries:
                if not entry.name.endswith(_SUFFIX) and not entry.name.startswith("."):
                    continue
                with suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    found.append((status.st_mtime, status.st_size, entry))
        left = MOST_BYTES
        for used, size, entry in sorted(found, key=lambda one: one[0], reverse=True):
            abandoned = entry.name.startswith(".") and time.time() - used > _DAY
            left -= size
            if left < 0 or abandoned:
                with suppress(OSError):
                    os.unlink(entry.path)  # noqa: PTH108

    def _file(self, key: str) -> Path:
        return self.place / f"{key}{_SUFFIX}"

    def _is_made(self) -> bool:
        """Is there a folder of this user's, in which nobody else writes?"""
        if not self.place.is_dir():
            self.place.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self.place / _TAG).write_bytes(_TAGGED)
        return _is_ours(self.place.stat())


def _is_ours(status: os.stat_result) -> bool:
    if os.name != "posix":
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & stat.S_IWOTH


def _check_of(content: bytes) -> bytes:
    return blake2b(content, digest_size=_CHECK).digest()
