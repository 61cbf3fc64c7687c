"""Programs that were once simulated wrongly end as CPython says; the recordings are CPython's."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support import cpython

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "startup"
PROGRAMS = tuple(sorted(path.name for path in FOLDER.iterdir()))
RUNNING = "{}.{}".format(*sys.version_info)


def recorded(name: str) -> tuple[dict[str, Any], cpython.Outcome]:
    said = json.loads((FOLDER / name / "expected.json").read_text())
    return said, cpython.Outcome(said["exception"], said["file"], said["line"], said["text"])


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_simulation_ends_as_cpython(name: str) -> None:
    said, real = recorded(name)
    ours = cpython.outcome(cpython.simulated(cpython.files_of(FOLDER / name), tuple(said["entry"])))
    assert cpython.same(real, ours), (real, ours)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_recording_is_what_cpython_does(name: str, tmp_path: Path) -> None:
    said, real = recorded(name)
    if said["python"] != RUNNING:
        pytest.skip(f"recorded with Python {said['python']}")
    files = cpython.files_of(FOLDER / name)
    assert cpython.really(files, tuple(said["entry"]), tmp_path / "program") == real
