"""`parity` in a forked child: with little memory and processor time, and without the rights of root over files.

Everything of `parity` is imported in the parent, so that a run costs what the check costs.
"""

from __future__ import annotations

import ctypes
import os
import pty
import resource
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn

import typer.main

SECONDS = 30
"""Of processor time."""
MEMORY = 1 << 30
"""Bytes of address space."""
LONGEST = 90
"""Seconds after which a child waits for something that never comes."""


@dataclass(frozen=True)
class Outcome:
    """`status` is negative where a signal ended the child."""

    status: int
    output: bytes
    error: bytes
    seconds: float
    megabytes: float
    hung: bool = False


def child(
    work: Callable[[], object], folder: Path, *, terminal: bool = False, longest: float = LONGEST
) -> Outcome:
    """What `work` writes and how it ends, in a process of its own; on a terminal errors are part of the output.

    After `longest` seconds it is killed.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    reader, writer = pty.openpty() if terminal else os.pipe()
    errors, error_writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        _become(work, folder, writer, writer if terminal else error_writer)
    os.close(writer)
    os.close(error_writer)
    output, error, hung = _read(pid, reader, errors, longest)
    _, status, usage = os.wait4(pid, 0)
    return Outcome(
        os.waitstatus_to_exitcode(status),
        output,
        error,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,
        hung,
    )


def _read(pid: int, reader: int, errors: int, longest: float) -> tuple[bytes, bytes, bool]:
    """Until both ends are closed by all who have them, or it takes too long: then the child and its children end."""
    parts: dict[int, list[bytes]] = {reader: [], errors: []}
    open_ends = {reader, errors}
    until = time.monotonic() + longest
    hung = False
    while open_ends and not hung:
        ready, _, _ = select.select(list(open_ends), [], [], max(0.0, until - time.monotonic()))
        hung = not ready
        for end in ready:
            try:
                data = os.read(end, 1 << 16)
            except OSError:  # a terminal that nobody has any more
                data = b""
            parts[end].append(data)
            if not data:
                open_ends.discard(end)
    if hung:
        with suppress(ProcessLookupError):  # it had not become the head of a group yet
            os.killpg(pid, signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
    os.close(reader)
    os.close(errors)
    return b"".join(parts[reader]), b"".join(parts[errors]), hung


def _become(work: Callable[[], object], folder: Path, output: int, errors: int) -> NoReturn:
    status = 70
    try:
        os.setsid()
        os.chdir(folder)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for old, new in ((nothing, 0), (output, 1), (errors, 2)):
            os.dup2(old, new)
        os.closerange(3, 64)
        sys.stdout = open(1, "w", encoding="utf8", closefd=False)  # noqa: SIM115 - for as long as the child lives
        sys.stderr = open(2, "w", encoding="utf8", closefd=False)  # noqa: SIM115
        give_up_rights()
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        work()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(status)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Rights(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def give_up_rights() -> None:
    """As root a file of mode 0 can be read; without its capabilities it cannot."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.capset(ctypes.byref(_Header(0x20080522, 0)), (_Rights * 2)()) != 0:
            raise OSError(ctypes.get_errno(), "capset")


def parity(*arguments: str) -> None:
    """The command line, in this process: it ends in SystemExit."""
    from parity.__main__ import main

    sys.argv = ["parity", *arguments]
    main()


def prepared(commands: Sequence[tuple[str, ...]], lay_out: Callable[[Path], object]) -> None:
    """Imports what these commands need, and builds the command line: what the parent has costs a child nothing."""
    typer.main.get_command = cache(typer.main.get_command)
    here, out, err = os.getcwd(), os.dup(1), os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    with tempfile.TemporaryDirectory() as name:
        lay_out(Path(name))
        os.chdir(name)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        try:
            in_turn(commands)
        finally:
            os.dup2(out, 1)
            os.dup2(err, 2)
            os.chdir(here)
            signal.signal(signal.SIGINT, signal.default_int_handler)


def in_turn(commands: Sequence[tuple[str, ...]]) -> None:
    """Several command lines; before each output a line with its status behind what it wrote, on standard error, too."""
    for command in commands:
        status: object = 0
        try:
            parity(*command)
        except SystemExit as end:
            status = 0 if end.code is None else end.code
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            stream.buffer.write(BETWEEN + str(status).encode() + b"\n")
            stream.buffer.flush()


BETWEEN = b"\n\x1e\x1e\x1e end of a command: "
