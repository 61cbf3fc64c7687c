"""The one place that writes files: whole, or not at all.

What stood there is there until the new text is complete, on the disk and in its place, whatever kills the process.
"""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from parity.model.errors import ParityError
from parity.tree.base import Absent
from parity.tree.reader import is_folder, no_file_kind, read_file


def replace_file(
    place: Path, shown: str, data: bytes, *, within: Path | None = None, before: bytes | Absent | None = None
) -> None:
    """Writes `data`; owner, mode and a link to the file stay. Raises ParityError, and has changed nothing then.

    `shown` is the file's name in messages. `within`: a resolved folder; no link in it is followed out of it.
    `before`: what must stand there (ABSENT: nothing), None if that does not matter.
    """
    try:
        target = _without_links(place, shown, within)
        status = _status(target)
        kind = no_file_kind(status.st_mode) if status is not None else ""
        if kind:
            raise ParityError(f"cannot write {shown}: it is {kind}, not a file")
        # A file that is replaced need not be writable: who protected it did not mean its folder.
        if status is not None and not os.access(target, os.W_OK):
            raise PermissionError(13, "Permission denied")
        with _uninterrupted():
            _replace(target, shown, data, status, before)
    except ValueError:
        raise ParityError(f"cannot write {shown!r}: no file has such a name") from None
    except OSError as error:
        folder = place.parent
        hint = "" if is_folder(folder) else f"there is no folder {folder}: make it first"
        raise ParityError(f"cannot write {shown}: {error.strerror}", hint=hint) from None


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Signals wait until the file is in its place, or the one beside it is gone."""
    mask = getattr(signal, "pthread_sigmask", None)
    if mask is None:  # Windows
        yield
        return
    before = mask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    try:
        yield
    finally:
        mask(signal.SIG_SETMASK, before)


def _replace(
    target: Path, shown: str, data: bytes, status: os.stat_result | None, before: bytes | Absent | None
) -> None:
    beside = target.with_name(f".parity-{os.getpid()}-{os.urandom(4).hex()}")
    opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(opened, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if status is not None:
            with suppress(OSError, AttributeError):  # only root may give a file to another
                os.chown(beside, status.st_uid, status.st_gid)
            beside.chmod(stat.S_IMODE(status.st_mode))
        if before is not None and read_file(target, shown) != before:
            raise ParityError(f"{shown} has changed in the meantime; it was not edited")
        beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def _without_links(place: Path, shown: str, within: Path | None) -> Path:
    """The file itself. Raises ParityError where a link that stands in `within` leads out of it."""
    real = Path(place.anchor or ".").absolute()
    if not place.is_absolute():
        real = Path.cwd()
    for part in place.parts[1:] if place.is_absolute() else place.parts:
        inside = within is not None and real.is_relative_to(within)
        real = Path(os.path.realpath(real / part))
        if inside and within is not None and part != ".." and not real.is_relative_to(within):
            raise ParityError(
                f"cannot write {shown}: a link on the way to it leads out of {within.name or within}"
            )
    return real


def _status(place: Path) -> os.stat_result | None:
    try:
        return place.lstat()
    except FileNotFoundError:
        return None
