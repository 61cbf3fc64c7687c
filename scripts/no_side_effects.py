"""Does `parity` only read? Runs it under strace, and fails if it opens a socket, writes a file or runs another program.

    python scripts/no_side_effects.py [FOLDER...]

Without FOLDERs the projects of fixtures/incident are looked at, and one that makes the reader of syntax start. The
only program that may be run is Python itself, for that reader; the only file that may be opened for writing /dev/null.
Exit status: 0 it only reads, 1 it does more, 2 there is no strace.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = (
    ("check", "--no-cache"),
    ("check", "--no-cache", "--format", "sarif"),
    ("check", "--no-cache", "--jobs", "2"),
    ("files", "--excluded"),
    ("graph",),
    ("fix",),
)
DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'
_CALL = re.compile(r"^(\w+)\((.*)\) += +(-?\d+|\?)")
_WRITES = re.compile(r"\bO_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)\b")
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
_READS = ("open", "openat", "openat2")
_CHANGES = (
    "creat mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat mknod mknodat "
    "truncate chmod fchmodat chown lchown fchownat utimensat setxattr lsetxattr mount umount2 chroot"
).split()


def side_effects(trace: str) -> Iterator[str]:
    """What the lines of a trace say that a process did besides reading."""
    for line in trace.splitlines():
        call = _CALL.match(line)
        if call is None or call[3].startswith("-"):  # what failed did nothing
            continue
        name, arguments = call[1], call[2]
        path = _PATH.search(arguments)
        place = path[1] if path else ""
        if name in ("socket", "connect", "bind", "listen", "sendto"):
            yield line
        elif name in ("execve", "execveat"):
            if Path(place).resolve() != Path(sys.executable).resolve():
                yield line
        elif name in _CHANGES or (name in _READS and _WRITES.search(arguments) and place != os.devnull):
            yield line


def traced(command: list[str]) -> tuple[int, str]:
    """The status of a command, and what it and the processes that it starts call of the system."""
    watched = ",".join(f"?{name}" for name in ("%network", "execve", "execveat", *_READS, *_CHANGES))
    with tempfile.TemporaryDirectory() as traces:
        # -ff: a file for each process, so that no call is cut in two by another's
        strace = ["strace", "-ff", "-qq", "-s", "4096", "-e", f"trace={watched}", "-o", f"{traces}/trace"]
        done = subprocess.run(
            [*strace, *command],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        texts = [file.read_text(errors="replace") for file in sorted(Path(traces).iterdir())]
        return done.returncode, "".join(texts)


def can_trace() -> bool:
    """Is strace there, and may it trace? Some containers forbid it."""
    return shutil.which("strace") is not None and traced([sys.executable, "-c", ""])[0] == 0


def _asked(command: tuple[str, ...], folder: Path) -> Iterator[str]:
    status, trace = traced([sys.executable, "-m", "parity", command[0], str(folder), *command[1:]])
    said = f"parity {' '.join(command)} {folder}"
    if status not in (0, 1) or "execve" not in trace:
        yield f"{said}: status {status}, and nothing is known"
    yield from (f"{said}: {line}" for line in side_effects(trace))


def _with_newer_syntax(folder: Path) -> Path:
    """A project whose module no older Python reads: the reader of syntax is asked, in a process of its own."""
    (folder / "Dockerfile").write_text(DOCKERFILE)
    (folder / "main.py").write_text("import module\n" + "x = 1\n" * 10_000)
    (folder / "module.py").write_text("type X = int\nx = (\n")
    return folder


def main(folders: list[str]) -> int:
    if not can_trace():
        sys.stderr.write("there is no strace, or it may not trace: whether parity only reads is not known\n")
        return 2
    with tempfile.TemporaryDirectory() as made:
        places = [Path(folder) for folder in folders] or [
            ROOT / "fixtures/incident",
            _with_newer_syntax(Path(made)),
        ]
        found = [line for folder in places for command in COMMANDS for line in _asked(command, folder)]
    sys.stdout.write("".join(f"{line}\n" for line in found) or "parity only reads\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
