"""How long do the commands take, as whole processes, beside others and beside what they are to reach?

    python benchmarks/table.py [--runs N] [--folder DIR] [--peers] [ROW...]

Prints a table in Markdown: for each row the median of N runs (5), what it is compared with, the ratio and the bound.
Commands that are compared run in turn, so that a machine whose speed drifts favours none. The trees are made in DIR and
kept there. `--peers` installs ruff, grimp, deptry and pylint from PyPI into an environment of their own in DIR; without
it those that are installed here are asked. ROW is the beginning of a row's name.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import trees

Command = Sequence[str | Path]
GRIMP = "import grimp; grimp.build_graph('django', cache_dir=None)"
WALK = "import os\nfor place, _, names in os.walk('.'):\n    for name in names: os.stat(os.path.join(place, name))"


@dataclass(frozen=True)
class Spent:
    """Seconds and megabytes of one process and those that it started."""

    processor: float
    wall: float
    memory: float


@dataclass(frozen=True)
class Row:
    name: str
    figure: str
    reference: str
    ratio: str
    bound: str

    def __str__(self) -> str:
        return f"| {self.name} | {self.figure} | {self.reference} | {self.ratio} | {self.bound} |"


class Bench:
    """`place`: where the trees are made."""

    def __init__(self, place: Path, runs: int, tools: Path) -> None:
        self.place = place
        self.runs = runs
        self.tools = tools
        self.parity: tuple[str, ...] = (sys.executable, "-m", "parity")

    def check(self, *options: str | Path) -> Command:
        return (*self.parity, "check", "--quiet", "--cache-dir", self.place / "answers", *options)

    def cold(self, *options: str | Path) -> Command:
        return (*self.parity, "check", "--quiet", "--no-cache", *options)

    def peer(self, name: str) -> str | None:
        """The program of a peer, where there is one."""
        return shutil.which(name, path=f"{self.tools}{os.pathsep}{os.environ.get('PATH', '')}")

    def medians(self, *commands: Command, cwd: Path | None = None, runs: int | None = None) -> list[Spent]:
        """Of each command, the runs in turn; the first round warms up and is not counted."""
        spent: list[list[Spent]] = [[] for _ in commands]
        for number in range((runs or self.runs) + 1):
            for command, figures in zip(commands, spent, strict=True):
                figure = run(command, cwd)
                if number:
                    figures.append(figure)
        return [median(figures) for figures in spent]


def run(command: Command, cwd: Path | None = None) -> Spent:
    started = time.perf_counter()
    with subprocess.Popen(
        [str(word) for word in command], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}")
    return Spent(usage.ru_utime + usage.ru_stime, time.perf_counter() - started, usage.ru_maxrss / 1024)


def median(figures: Sequence[Spent]) -> Spent:
    return Spent(
        statistics.median(one.processor for one in figures),
        statistics.median(one.wall for one in figures),
        statistics.median(one.memory for one in figures),
    )


def compared(name: str, one: Spent, what: str, other: Spent, bound: str) -> Row:
    """Processor seconds: on a machine that others use, too, wall seconds say less."""
    ratio = f"{one.processor / other.processor:.2f}"
    return Row(name, seconds(one), f"{what} {seconds(other)}", ratio, bound)


def seconds(one: Spent) -> str:
    return f"{one.processor:.3f} s ({one.wall:.2f} wall), {one.memory:.0f} MB"


def start(bench: Bench) -> Iterator[Row]:
    nothing, version, help_page = bench.medians(
        (sys.executable, "-c", "pass"), (*bench.parity, "--version"), (*bench.parity, "--help")
    )
    yield compared("`--version`", version, "`python -c pass`", nothing, "5")
    yield compared("`--help`", help_page, "`python -c pass`", nothing, "5")


def django(bench: Bench) -> Iterator[Row]:
    root = trees.django(bench.place)
    changed = root / "django/db/models/query.py"
    text = changed.read_text()
    cold = bench.medians(bench.cold(root))[0]
    yield Row("Django, cold", seconds(cold), "", "", "1.5 s, 150 MB")
    run(bench.check(root))
    commands = [bench.check(root)]
    if ruff := bench.peer("ruff"):
        commands.append((ruff, "analyze", "graph", root))
    again, *others = bench.medians(*commands)
    for other in others:
        yield compared("Django, unchanged", again, "`ruff analyze graph`", other, "1.5")
    times = []
    for number in range(bench.runs):
        changed.write_text(f"{text}\n# {number}\n")
        times.append(run(bench.check(root)))
    changed.write_text(text)
    edited = median(times)
    more = f"{edited.processor - again.processor:+.2f} s"
    yield Row("Django, one module changed", seconds(edited), f"unchanged {seconds(again)}", more, "+0.5 s")
    yield from peers(bench, root, cold)


def peers(bench: Bench, root: Path, cold: Spent) -> Iterator[Row]:
    """What others take for a part of the question, from nothing."""
    python = bench.peer("python") or sys.executable
    others: dict[str, Command] = {"grimp": (python, "-c", GRIMP)}
    if deptry := bench.peer("deptry"):
        others["deptry"] = (deptry, root)
    if pylint := bench.peer("pylint"):
        others["pylint cyclic-import"] = (pylint, "--disable=all", "--enable=cyclic-import", root / "django")
    for name, command in others.items():
        try:
            spent = bench.medians(command, cwd=root, runs=1 if "pylint" in name else None)[0]
        except SystemExit as error:
            yield Row(f"{name} on Django", str(error), "", "", "")
            continue
        yield compared("Django, cold", cold, name, spent, "")


def monorepo(bench: Bench) -> Iterator[Row]:
    images, modules = 300, 5_000
    many = trees.monorepo(bench.place / f"monorepo-{images}-{modules}", images, modules)
    one = trees.one_image(bench.place / f"one-{modules}", modules)
    single = bench.medians(bench.cold(one), runs=1)[0]
    cold = bench.medians(bench.cold(many), runs=1)[0]
    ratio = f"{cold.wall / single.wall:.2f} of wall"
    yield Row(
        f"{images} images, {modules} modules, cold",
        seconds(cold),
        f"one image {seconds(single)}",
        ratio,
        "3, 500 MB",
    )
    run(bench.check(many))
    again = bench.medians(bench.check(many))[0]
    yield Row(f"{images} images, unchanged", seconds(again), "", "", "2 s")


def unrelated(bench: Bench) -> Iterator[Row]:
    count = 200_000
    plain = trees.one_image(bench.place / "one-400", 400)
    for below in ("node_modules", "assets"):
        full = trees.with_unrelated(bench.place / f"with-{below}", below, count)
        cold, without = bench.medians(bench.cold(full), bench.cold(plain))
        yield compared(f"with {count} files in {below}, cold", cold, "without", without, "1.05")
        for root in (full, plain):
            run(bench.check(root))
        again, without = bench.medians(bench.check(full), bench.check(plain))
        yield compared(f"with {count} files in {below}, unchanged", again, "without", without, "1.05")
    full = trees.with_unrelated(bench.place / "with-assets", "assets", count)
    listed, walked = bench.medians(
        (*bench.parity, "files", full), (sys.executable, "-c", WALK), cwd=full, runs=min(bench.runs, 3)
    )
    yield compared(f"`files`, {count} files", listed, "`os.walk` with stat", walked, "2")


def linear(bench: Bench) -> Iterator[Row]:
    before: tuple[int, Spent] | None = None
    for modules in (500, 2_000, 8_000):
        root = trees.one_image(bench.place / f"one-{modules}", modules)
        spent = bench.medians(bench.cold(root), runs=min(bench.runs, 3))[0]
        slope = ""
        if before is not None:
            more = (spent.processor - before[1].processor) / (modules - before[0])
            slope = f"{1000 * more:.2f} ms a module more"
        yield Row(f"{modules} modules, cold", seconds(spent), "", slope, "linear")
        before = modules, spent


ROWS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    one.__name__: one for one in (start, django, unrelated, monorepo, linear)
}


def installed(place: Path) -> Path:
    """The programs of the peers."""
    if not place.exists():
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        command = [place / "bin/python", "-m", "pip", "install", "-q", "ruff", "grimp", "deptry", "pylint"]
        subprocess.run(command, check=True)
    return place / "bin"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(ROWS))
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = (said.folder or Path(temporary)).resolve()
        place.mkdir(parents=True, exist_ok=True)
        tools = installed(place / "peers") if said.peers else Path(sys.executable).parent
        bench = Bench(place, said.runs, tools)
        print("| what | processor seconds (wall), memory | compared with | ratio | bound |")
        print("| --- | --- | --- | --- | --- |")
        for name, rows in ROWS.items():
            if not said.rows or any(name.startswith(wanted) for wanted in said.rows):
                for row in rows(bench):
                    print(row, flush=True)


if __name__ == "__main__":
    main()
