"""How long do the Dockerfiles and ignore files take that are meant to take long?

    python benchmarks/hostile.py [NAME...]

Asks for the image of each case of `tests/support/hostile.py` in a process of its own, and prints the seconds of
processor time for parsing, building and listing, the memory in MB, and the number of paths (- where the build
is refused).
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.hostile import ALL, asked  # noqa: E402

LONGEST = 60
"""Seconds after which a case is given up."""


def measure(name: str) -> None:
    tree = ALL[name].tree()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    paths = asked(tree)
    seconds = time.process_time() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{name:40}{seconds:9.3f} s{grown:8.0f} MB{'-' if paths is None else paths:>10}")


def main() -> None:
    if sys.argv[1:2] == ["--only"]:
        measure(sys.argv[2])
        return
    for name in sys.argv[1:] or ALL:
        try:
            done = subprocess.run(
                [sys.executable, __file__, "--only", name], capture_output=True, text=True, timeout=LONGEST
            )
        except subprocess.TimeoutExpired:
            print(f"{name:40} more than {LONGEST} s", flush=True)
            continue
        last = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        print(done.stdout.rstrip() or f"{name:40} {last}", flush=True)


main()
