"""What a terminal gets and a pipe does not: colours, its width, a line of progress on long work."""

from __future__ import annotations

import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from fcntl import ioctl
from pathlib import Path

import pytest

from tests.conftest import ROOT, ask_process

QUIET = dict.fromkeys(("CI", "GITHUB_ACTIONS", "NO_COLOR", "FORCE_COLOR"), "")


def on_a_terminal(*arguments: str, columns: int = 80, **environment: str) -> str:
    """Everything that a terminal of this width gets, standard error included."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    variables = {**os.environ, **QUIET, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **environment}
    variables.pop("COLUMNS", None)
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=variables, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    seen = b""
    while select.select([ours], [], [], 30)[0]:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(ours)
    process.wait(timeout=30)
    return seen.decode().replace("\r\n", "\n")


CHECK = ("-m", "parity", "check", "fixtures/incident/ignored")


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({"CI": "true"}, True),
        ({"CI": "true", "TERM": "dumb"}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"FORCE_COLOR": "0"}, False),
    ],
)
def test_colours_of_a_terminal(environment: dict[str, str], coloured: bool) -> None:
    assert ("\x1b[" in on_a_terminal(*CHECK, **environment)) is coloured


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, False), ({"CI": "true"}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "0"}, False)],
)
def test_colours_of_a_pipe(environment: dict[str, str], coloured: bool) -> None:
    answer = ask_process(*CHECK[2:], **{**QUIET, **environment})
    assert ("\x1b[" in answer.out) is coloured


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_excerpts_keep_to_the_width(columns: int, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(
        'FROM python:3.12\nWORKDIR /a\nCOPY main.py .\nCMD ["python", "main.py"]\n'
    )
    (tmp_path / "main.py").write_text(f"x = {'1 + ' * 80}1; import beside  # {'tail ' * 40}\n")
    (tmp_path / "beside.py").write_text("")
    lines = plain(on_a_terminal("-m", "parity", "check", str(tmp_path), columns=columns)).split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith(" 1 |"))
    assert len(lines[at]) <= columns
    span = lines[at + 1].index("^"), lines[at + 1].rindex("^") + 1
    assert lines[at][slice(*span)] == "import beside"
    assert lines[at].count("…") == 2


LONG = """
import time
from parity.cli import progress
progress.PATIENCE = 0.05
with progress.Progress() as shown:
    shown.say("one\\x1b[31m, 1 of 2")
    time.sleep(0.6)
print("answer")
"""
SHORT = LONG.replace("0.05", "30.0")


def test_long_work_shows_a_line_that_is_gone_in_the_end() -> None:
    seen = on_a_terminal("-c", LONG)
    assert "one\\x1b[31m, 1 of 2" in seen
    assert seen.endswith("\r\x1b[Kanswer\n")


def test_short_work_shows_nothing() -> None:
    assert on_a_terminal("-c", SHORT) == "answer\n"


def test_a_pipe_sees_no_progress() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LONG],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert (done.stdout, done.stderr) == ("answer\n", "")
