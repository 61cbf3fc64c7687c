"""The judge of the simulation: runs a small program with real CPython and with the simulation, and compares.

Only programs that the tests themselves make are ever run.
"""

from __future__ import annotations

import builtins
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from parity.model.command import Command
from parity.model.version import PythonVersion
from parity.python.entrypoints.base import Entrypoint, RunFile, RunModule
from parity.python.startup.simulate import Startup, simulate
from parity.python.world import World
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
    parent: bool = False  # it fails while `-m` imports the parent packages


def really(files: Mapping[str, str], entry: tuple[str, ...], folder: Path) -> Outcome:
    """What CPython says. `entry` is `("-m", name)` or `(script,)`."""
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    got = subprocess.run(
        [sys.executable, "-B", "-s", "-E", *entry], cwd=folder, capture_output=True, text=True, timeout=20
    )
    if got.returncode == 0:
        return Outcome()
    tail = got.stderr.rsplit("Traceback (most recent call last):", 1)[-1]
    lines = [line for line in tail.splitlines() if line and not line.startswith((" ", "\t"))]
    said = re.match(r"([A-Za-z_][\w.]*)(?::\s?(.*))?$", lines[-1]) if lines else None
    frames = re.findall(r'^  File "([^"]+)", line (\d+)', tail, re.M)
    inside = [(f, int(n)) for f, n in frames if f.startswith(str(folder))]
    last = inside[-1] if inside else (None, None)
    file = last[0].removeprefix(str(folder)) if last[0] else None
    if "Traceback" not in got.stderr and " No module named " in got.stderr:
        return Outcome("ModuleNotFoundError", None, None, got.stderr.strip())
    text = (said[2] if said else "") or ""
    return Outcome(said[1] if said else None, file, last[1], text.replace(str(folder), ""))


def simulated(files: Mapping[str, str], entry: tuple[str, ...]) -> Startup:
    """The simulation of the same program; both worlds are the same folder."""
    tree = MemoryTree(files)
    world = World(
        files=tree,
        checkout=tree,
        python=PythonVersion(*sys.version_info[:2]),
        environment={},
        standard=lambda name: name.partition(".")[0] in sys.stdlib_module_names,
        builtins=frozenset(dir(builtins)) | {"exit", "quit", "copyright", "credits", "license", "help"},
        preloaded=PRELOADED,
        site=(),
        counterpart=lambda folder: (folder,),
        standard_imports=lambda _name: (),
    )
    step = RunModule(entry[1]) if entry[0] == "-m" else RunFile("/" + entry[0])
    first = "/" if entry[0] == "-m" else "/" + entry[0].rpartition("/")[0]
    return simulate(
        Entrypoint("python", Command(("python", *entry)), (first.rstrip("/") or "/",), (step,)), world
    )


def outcome(startup: Startup) -> Outcome:
    """The first failure that is certain."""
    for failure in startup.failures:
        if not failure.may_not_run:
            last = failure.chain[-1] if failure.chain else None
            return Outcome(
                failure.exception,
                last.image_path if last else None,
                last.line if last else None,
                failure.text,
                parent=bool(failure.chain) and failure.chain[0].image_path.endswith("/__init__.py"),
            )
    return Outcome()
