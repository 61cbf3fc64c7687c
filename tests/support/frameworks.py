"""Real frameworks: the interpreter that the environment variable PARITY_FRAMEWORKS names has them installed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

VARIABLE = "PARITY_FRAMEWORKS"


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`python *arguments` in the folder; the test is skipped where there is no such interpreter."""
    python = os.environ.get(VARIABLE)
    if not python:
        pytest.skip(f"{VARIABLE} names no interpreter with the frameworks")
    environment = {"PATH": os.pathsep.join((str(Path(python).parent), os.defpath)), **variables}
    return subprocess.run(
        [python, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
