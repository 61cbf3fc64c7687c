"""How long does a check take, as a whole process, and does the size of the checkout matter?

    python benchmarks/check_speed.py [UNRELATED_FILES] [RUNS]

Times `parity --version`, and `parity check` of the healthy incident fixture alone and with UNRELATED_FILES (200,000)
files in `node_modules` and as many in an ordinary folder beside it, in turn, so that a machine whose speed drifts
favours none. Prints processor and wall seconds: minimum and median.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HEALTHY = Path(__file__).resolve().parents[1] / "fixtures" / "incident" / "healthy"
A_FOLDER = 100


def with_unrelated(folder: Path, name: str, count: int) -> Path:
    """A copy of the fixture with `count` files below `name`, a hundred in a folder."""
    project = folder / f"with {name}"
    shutil.copytree(HEALTHY, project)
    for number in range(count // A_FOLDER):
        inside = project / name / f"p{number // 50}" / f"q{number}"
        inside.mkdir(parents=True)
        for file in range(A_FOLDER):
            (inside / f"f{file}.js").touch()
    return project


def spent(command: list[str]) -> tuple[float, float]:
    """Processor and wall seconds."""
    before, started = os.times(), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return processor, time.perf_counter() - started


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 11
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        parity = [sys.executable, "-m", "parity"]
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "--version": [*parity, "--version"],
            "check": [*parity, "check", str(HEALTHY)],
            f"check, {count} files in node_modules": [
                *parity, "check", str(with_unrelated(folder, "node_modules", count)),
            ],
            f"check, {count} files in assets": [*parity, "check", str(with_unrelated(folder, "assets", count))],
        }  # fmt: skip
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for number in range(runs + 1):
            for name, command in commands.items():
                figure = spent(command)
                if number:  # the first round warms up
                    times[name].append(figure)
    print(f"{'':40}{'cpu min':>9}{'median':>9}{'wall min':>10}{'median':>9}")
    for name, figures in times.items():
        cpu, wall = zip(*figures, strict=True)
        print(
            f"{name:40}{min(cpu):9.3f}{statistics.median(cpu):9.3f}{min(wall):10.3f}{statistics.median(wall):9.3f}"
        )


main()
