"""`parity` only reads: what the script that watches its calls takes for a side effect, and what it sees."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts.no_side_effects import can_trace, side_effects, traced
from tests.conftest import ROOT

needs_strace = pytest.mark.skipif(not can_trace(), reason="there is no strace")


@needs_strace
@pytest.mark.parametrize(
    ("program", "call"),
    [
        ("import socket; socket.socket()", "socket("),
        ("open('{}/a', 'w')", "openat("),
        ("open('{}/there', 'a')", "openat("),
        ("import os; os.mkdir('{}/a')", "mkdir("),
        ("import os; os.remove('{}/there')", "unlink("),
        ("import os; os.rename('{}/there', '{}/a')", "rename("),
        ("import subprocess; subprocess.run(['true'])", "execve("),
        ("import os, threading; threading.Thread(target=os.mkdir, args=['{}/a']).start()", "mkdir("),
    ],
)
def test_what_a_program_does(tmp_path: Path, program: str, call: str) -> None:
    (tmp_path / "there").write_text("")
    _, trace = traced([sys.executable, "-c", program.replace("{}", str(tmp_path))])
    assert [line.partition("(")[0] + "(" for line in side_effects(trace)] == [call]


@needs_strace
def test_reading_is_none(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("")
    program = f"import os; open('{tmp_path}/there'); os.listdir('{tmp_path}'); open(os.devnull, 'w')"
    _, trace = traced([sys.executable, "-c", program])
    assert list(side_effects(trace)) == []


@needs_strace
def test_parity_only_reads() -> None:
    words = ("check", str(ROOT / "fixtures/incident"), "--no-cache")
    status, trace = traced([sys.executable, "-m", "parity", *words])
    assert status == 1
    assert list(side_effects(trace)) == []


@needs_strace
def test_what_is_kept_is_all_that_is_written(tmp_path: Path) -> None:
    words = ("check", str(ROOT / "fixtures/incident"), "--cache-dir", str(tmp_path / "kept"))
    _, trace = traced([sys.executable, "-m", "parity", *words])
    written = list(side_effects(trace))
    assert written
    assert [line for line in written if str(tmp_path / "kept") not in line] == []
