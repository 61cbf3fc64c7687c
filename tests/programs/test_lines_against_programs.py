"""What sed, head and tail are said to print is what they print."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from parity.programs.lines import head, sed, tail
from parity.shell.printing import Place
from parity.shell.status import Status
from parity.tree.memory import MemoryTree

FILTERS = {"sed": sed, "head": head, "tail": tail}
TEXT = (
    b"requests>=2\n# comment\n-e .\nFlask[async]==3.1\n\ntorch==2.0+cpu\n  numpy\ngit+https://x/y.git#egg=z"
)
CALLS = [
    *("sed '/^-e/d'", "sed 's/==.*//'", "sed -e 1d -e '$d'", "sed -n 1p", "sed 's/t/T/g;s/#/%/'", "sed 2q"),
    *("head", "head -n 2", "head -n2", "head -3", "head -n -1", "head -c 3", "head -n 0"),
    *("tail", "tail -n 2", "tail -2", "tail -n +3", "tail -n +1", "tail -n 0", "tail -c 3"),
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("text", [TEXT, TEXT + b"\n", b"", b"\n\n"])
def test_against_the_program(call: str, text: bytes) -> None:
    words = subprocess.run(["sh", "-c", f"printf '%s\\n' {call}"], capture_output=True, text=True, check=True)
    name, *arguments = words.stdout.splitlines()
    if shutil.which(name) is None:
        pytest.skip(f"there is no {name}")
    told = FILTERS[name](arguments, Place(MemoryTree({}), "/", text, False))
    assert told is not None
    done = subprocess.run(
        [name, *arguments], input=text, capture_output=True, env={**os.environ, "LC_ALL": "C"}
    )
    if told.status is not Status.UNKNOWN:
        assert (told.content, told.status is Status.SUCCESS) == (done.stdout, done.returncode == 0)


def test_what_is_followed() -> None:
    place = Place(MemoryTree({}), "/", TEXT, False)
    told = [FILTERS[call.split()[0]](call.replace("'", "").split()[1:], place) for call in CALLS]
    known = [one for one in told if one is not None and one.status is not Status.UNKNOWN]
    assert len(known) >= 12


def test_sed_that_changes_a_file_prints_nothing() -> None:
    assert FILTERS["sed"](["-i", "1d", "x"], Place(MemoryTree({"x": "1\n"}), "/", None, False)) is None
