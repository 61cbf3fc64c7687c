"""Is a file ever cut, when `parity` is killed or the disk is full? kills.py [--count N] [--seed S]

Kills `fix --write`, `check --output`, `check --write-baseline` and a check that keeps its answers with SIGKILL:
half of N times at any moment, half of them between two calls of the functions that write. Then lets the disk be full:
a limit on the size of a file, and, where a file system may be mounted, one with room for a few pages only; a quarter
of N of each.

After each the user's files must be whole, as they were or as they become; a full disk must be told in one line, and
leaves nothing behind; the next check must say what it always says. Printed is what went wrong, and a table. Exit
status: 1 if anything did.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.limited import Outcome, child, parity, prepared  # noqa: E402

HEALTHY = ROOT / "fixtures" / "incident" / "ignored"
IGNORED = "".join(f"# {n}: a long ignore file, which takes more than one write\n" for n in range(4_000))
OLD = '{"findings": []}\n'
COMMANDS: dict[str, tuple[str, ...]] = {
    "fix --write": ("fix", "--write", "--unsafe", "--no-cache"),
    "check --output": ("check", "--no-cache", "--format", "html", "--output", "out.html"),
    "check --write-baseline": ("check", "--no-cache", "--write-baseline", "known.json"),
    "check with a cache": ("check", "--cache-dir", "answers", "--format", "json"),
}
WRITERS = ("replace_file", "put")
NOT_DONE = re.compile(r"\.parity-|\..*-\d+-[0-9a-f]{8}$")
"""The files that are written beside the one that they replace."""


def lay_out(folder: Path) -> None:
    shutil.copytree(HEALTHY, folder, dirs_exist_ok=True)
    ignore = folder / ".dockerignore"
    ignore.write_text(IGNORED + ignore.read_text())
    (folder / "out.html").write_text(OLD)
    (folder / "known.json").write_text(OLD)


def contents(folder: Path) -> dict[str, bytes]:
    """Of the user's files: not the answers that are kept, and not what a kill left beside a file."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and "answers" not in file.parts and not file.name.startswith(".parity-")
    }


def told(folder: Path) -> str:
    """What the check says with the answers that are kept, without the seconds."""
    done = child(lambda: parity(*COMMANDS["check with a cache"]), folder)
    report = json.loads(done.output)
    report["summary"].pop("seconds", None)
    return f"{done.status} {json.dumps(report, sort_keys=True)}"


def counting(each: Callable[[int], object]) -> None:
    """Calls `each` with 1, 2, ... at every call and return, of C too, while a function that writes is at it."""
    inside, seen = 0, 0

    def count(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal inside, seen
        if frame.f_code.co_name in WRITERS and event in ("call", "return"):
            inside += 1 if event == "call" else -1
        if inside:
            seen += 1
            each(seen)

    sys.setprofile(count)


def counted(place: Path, command: tuple[str, ...]) -> Callable[[], None]:
    """The command, which writes to `place` how many such moments there are."""

    def work() -> None:
        moments: list[int] = [0]
        counting(lambda seen: moments.__setitem__(0, seen))
        try:
            parity(*command)
        finally:
            sys.setprofile(None)
            place.write_text(str(moments[0]))

    return work


def killed_at(moment: int, command: tuple[str, ...]) -> Callable[[], None]:
    """The command, which kills itself at that moment."""

    def work() -> None:
        counting(lambda seen: seen == moment and os.kill(os.getpid(), signal.SIGKILL))
        parity(*command)

    return work


def limited(size: int, command: tuple[str, ...]) -> Callable[[], None]:
    """The command, where no file may become larger than that."""

    def work() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        parity(*command)

    return work


class Trial:
    """One command: what it makes of the files when nothing disturbs it, and whether less than that was ever seen."""

    def __init__(self, name: str, base: Path) -> None:
        self.name, self.command, self.base = name, COMMANDS[name], base
        folder = base / "whole"
        lay_out(folder)
        self.before = contents(folder)
        whole = child(self.work, folder)
        self.after = contents(folder)
        self.status, self.seconds = whole.status, whole.seconds
        lay_out(base / "told")
        self.answer = told(base / "told")
        self.wrong: list[str] = []

    def work(self) -> None:
        parity(*self.command)

    def kills(self, count: int, random: Random) -> str:
        lay_out(self.base / "counted")
        child(counted(self.base / "calls", self.command), self.base / "counted")
        calls = int((self.base / "calls").read_text())
        ended: Counter[str] = Counter()
        for n in range(count):
            folder = self.base / "killed"
            lay_out(folder)
            if n % 2:
                done = child(killed_at(random.randint(1, calls), self.command), folder)
            else:
                done = child(self.work, folder, longest=random.uniform(0, 2 * self.seconds))
            self._look(folder, done, ended)
            if contents(folder) == self.before and told(folder) != self.answer:
                self.wrong.append(f"{self.name}: another answer than before")
            shutil.rmtree(folder)
        return f"{count} runs, of {calls} calls while it writes: {dict(ended)}"

    def limits(self, count: int, random: Random) -> str:
        changed = [len(data) for path, data in self.after.items() if data != self.before.get(path)]
        largest = max(changed, default=60_000)  # answers that are kept are not among them
        sizes = {0, 1, 4096, *(random.randint(1, largest) for _ in range(count))}
        ended: Counter[str] = Counter()
        for size in sorted(sizes):
            folder = self.base / "limited"
            lay_out(folder)
            self._look(folder, child(limited(size, self.command), folder), ended, full=True)
            shutil.rmtree(folder)
        return f"{len(sizes)} limits on the size of a file: {dict(ended)}"

    def full_disks(self, count: int) -> str:
        ended: Counter[str] = Counter()
        for pages in range(count):
            with small_disk(self.base / "disk", pages) as folder:
                if folder is None:
                    return "no file system may be mounted"
                self._look(folder, child(self.work, folder), ended, full=True)
        return f"{sum(ended.values())} full disks: {dict(ended)}"

    def _look(self, folder: Path, done: Outcome, ended: Counter[str], *, full: bool = False) -> None:
        ended["killed" if done.status == -signal.SIGKILL else f"status {done.status}"] += 1
        found = contents(folder)
        for path in sorted({*self.before, *self.after, *found}):
            if found.get(path) not in (self.before.get(path), self.after.get(path)) and not self._alike(
                path, found
            ):
                self.wrong.append(f"{self.name}: {path} has {len(found.get(path, b''))} bytes")
        if b"Traceback" in done.error or b"internal error" in done.error:
            self.wrong.append(f"{self.name}: {done.error[-300:]!r}")
        if (
            full
            and done.status == 2
            and not re.fullmatch(rb"error: cannot write [^\n]*\n(.*\n)?", done.error)
        ):
            self.wrong.append(f"{self.name}: {done.error!r}")
        if full and done.status not in (2, self.status):
            self.wrong.append(f"{self.name}: status {done.status} instead of {self.status}")
        if full and (left := [file.name for file in folder.rglob(".*") if NOT_DONE.match(file.name)]):
            self.wrong.append(f"{self.name}: left {left}")

    def _alike(self, path: str, found: dict[str, bytes]) -> bool:
        """A page says how long it took: it is whole if it ends as pages do, and is about as long."""
        new, usual = found.get(path, b""), self.after.get(path, b"")
        return path == "out.html" and new[-20:] == usual[-20:] and abs(len(new) - len(usual)) < 20


@contextmanager
def small_disk(place: Path, pages: int) -> Iterator[Path | None]:
    """A file system with the files, and room for that many pages; None where none may be mounted."""
    place.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        yield None
        return
    try:
        lay_out(place)
        (place / "answers").mkdir(mode=0o700)
        free = os.statvfs(place).f_bavail - pages
        (place / "answers" / "filler").write_bytes(b"x" * 4096 * max(0, free))
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500)
    options = parser.parse_args()
    random = Random(options.seed)
    prepared(tuple(COMMANDS.values()), lay_out)
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        for number, command in enumerate(COMMANDS):
            trial = Trial(command, Path(name, str(number)))
            each = options.count // len(COMMANDS)
            print(f"{command}: {trial.kills(each, random)}", flush=True)
            print(f"{command}: {trial.limits(each // 4, random)}", flush=True)
            print(f"{command}: {trial.full_disks(each // 4)}", flush=True)
            wrong += trial.wrong
    print(*wrong, f"{len(wrong)} wrong", sep="\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
