"""Real frameworks: the interpreter that the environment variable PARITY_FRAMEWORKS names has what
`tests/frameworks/requirements.txt` lists."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

VARIABLE = "PARITY_FRAMEWORKS"


def interpreter() -> Path:
    """The test is skipped where there is none."""
    python = os.environ.get(VARIABLE)
    if not python:
        pytest.skip(f"{VARIABLE} names no interpreter with the frameworks")
    return Path(python)


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`python *arguments` in the folder."""
    python = interpreter()
    environment = {"PATH": os.pathsep.join((str(python.parent), os.defpath)), **variables}
    return subprocess.run(
        [python, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
