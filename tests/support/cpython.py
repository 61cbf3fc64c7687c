"""The judge of the simulation: runs a small program with real CPython and with the simulation, and compares.

Only programs that the tests themselves make are ever run.
"""

from __future__ import annotations

import builtins
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from parity.model.command import Command
from parity.model.version import PythonVersion
from parity.python.source import RUNNING
from parity.startup.entrypoint import Entrypoint, RunFile, RunModule
from parity.startup.simulate import Startup, simulate
from parity.startup.state.budget import Budget
from parity.startup.state.failures import Failure
from parity.startup.state.world import World
from parity.tree.memory import MemoryTree

PRELOADED = frozenset(
    subprocess.run(
        [sys.executable, "-I", "-S", "-c", "import sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
)


@dataclass(frozen=True)
class Outcome:
    """How a start-up ends: the exception, and the file and line of the last frame; None where it works."""

    exception: str | None = None
    file: str | None = None
    line: int | None = None
    text: str | None = None


WRAPPED = re.compile(r"(?:.*: )?Error while finding module specification .*? \((\w+): (.*)\)$")
"""What `runpy` makes of an error in a parent of the module; ours tells of the error itself."""


def same(real: Outcome, ours: Outcome) -> bool:
    """Exception, message, file and line; a module that `runpy` cannot find for its parent's error has no place."""
    placed = real.file is None or (real.file, real.line) == (ours.file, ours.line)
    return real.exception == ours.exception and placed and (real.text or "") == (ours.text or "")


def files_of(folder: Path) -> dict[str, str]:
    """The Python files of a program, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*.py"))
        if "__pycache__" not in path.parts
    }


def write(files: Mapping[str, str], folder: Path) -> None:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def really(
    files: Mapping[str, str], entry: tuple[str, ...], folder: Path, interpreter: str = sys.executable
) -> Outcome:
    """What CPython says. `entry` is `("-m", name)` or `(script,)`; the files are written to `folder`."""
    folder = folder.resolve()
    write(files, folder)
    got = subprocess.run(
        [interpreter, "-B", "-s", "-E", "-W", "ignore", *entry],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=20,
    )
    if got.returncode == 0:
        return Outcome()
    said = got.stderr.rstrip().replace(str(folder), "")
    if "Traceback" not in said:
        if problem := re.match(r'  File "([^"]+)", line (\d+)\n(?:.*\n)*(\w+Error): (.*)$', said):
            return Outcome(problem[3], problem[1], int(problem[2]), problem[4])
        if wrapped := WRAPPED.search(said):
            return Outcome(wrapped[1], None, None, wrapped[2])
        kind = "ModuleNotFoundError" if "No module named" in said else ""
        return Outcome(kind, None, None, said.partition(": ")[2])
    tail = said.rsplit("Traceback (most recent call last):", 1)[-1]
    last = re.match(r"([A-Za-z_][\w.]*)(?::\s?(.*))?$", tail.splitlines()[-1])
    frames = [
        (f if f[0] in "/<" else f"/{f}", int(n))
        for f, n in re.findall(r'^  File "([^"]+)", line (\d+)', tail, re.M)
    ]
    inside = [(f, n) for f, n in frames if f.lstrip("/") in files]
    file, line = inside[-1] if inside else (None, None)
    text = re.sub(r"\. Did you (mean|forget)\b.*\?$", "", (last[2] if last else "") or "")
    if wrapped := WRAPPED.match(text):
        return Outcome(wrapped[1], None, None, wrapped[2])
    return Outcome(last[1] if last else None, file, line, text)


def judged(files: Mapping[str, str], entry: tuple[str, ...] = ("main.py",)) -> tuple[Outcome, Outcome]:
    """What CPython says of the program, and what the simulation does."""
    with tempfile.TemporaryDirectory() as folder:
        real = really(files, entry, Path(folder))
    return real, outcome(simulated(files, entry))


def world_of(files: Mapping[str, str | bytes], python: PythonVersion = RUNNING) -> World:
    """Both worlds are the same folder."""
    tree = MemoryTree(files)
    return World(
        files=tree,
        checkout=tree,
        python=python,
        environment={},
        standard=lambda name: name.partition(".")[0] in sys.stdlib_module_names,
        builtins=frozenset(dir(builtins)) | {"exit", "quit", "copyright", "credits", "license", "help"},
        preloaded=PRELOADED,
        site=(),
        counterpart=lambda folder: (folder,),
        standard_imports=lambda _name: (),
    )


def simulated(
    files: Mapping[str, str],
    entry: tuple[str, ...],
    python: PythonVersion = RUNNING,
    budget: Budget | None = None,
) -> Startup:
    """The simulation of the same program."""
    return simulated_in(world_of(files, python), entry, budget)


def simulated_in(world: World, entry: tuple[str, ...], budget: Budget | None = None) -> Startup:
    """The simulation of a program in a world that has it."""
    step = RunModule(entry[1]) if entry[0] == "-m" else RunFile("/" + entry[0])
    first = "/" if entry[0] == "-m" else "/" + entry[0].rpartition("/")[0]
    return simulate(
        Entrypoint("python", Command(("python", *entry)), (first.rstrip("/") or "/",), (step,)),
        world,
        budget,
    )


def outcome(startup: Startup) -> Outcome:
    """The first failure that does not stand in a branch that cannot be decided."""
    return next((_outcome(failure) for failure in startup.failures if not failure.may_not_run), Outcome())


def _outcome(failure: Failure) -> Outcome:
    last = failure.chain[-1] if failure.chain else None
    return Outcome(
        failure.exception, last.image_path if last else None, last.line if last else None, failure.text
    )
