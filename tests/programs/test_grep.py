"""The model of grep in a pipe beside the grep of this machine."""

from __future__ import annotations

import os
import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.programs.grep import grep, translated
from parity.shell.host import Call
from parity.shell.status import Output, Status
from parity.shell.word import Word
from parity.tree.memory import MemoryTree

LINES = b"./a.py\n./pkg\n./pkg/__pycache__\n./pkg/__pycache__/a.cpython-311.pyc\n./b.pyo\n./(x|y)+\n\n./A.PYC\n./$^\n"
NOTHING = MemoryTree({})


def ours(options: str, pattern: str) -> tuple[bytes, bool] | None:
    words = tuple(map(Word, ("grep", *options.split(), pattern)))
    done = grep(Call(words, {}, "/", stdin=LINES), NOTHING)  # type: ignore[arg-type]
    if not isinstance(done, Output):
        return None
    assert isinstance(done.content, bytes)
    return done.content, done.status is Status.SUCCESS


def real(options: str, pattern: str) -> tuple[bytes, bool]:
    argv = ["grep", *options.split(), pattern]
    done = subprocess.run(argv, input=LINES, capture_output=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    return done.stdout, done.returncode == 0


FOLLOWED = (
    ("-E", r"(__pycache__|\.pyc|\.pyo$)"),
    ("-E", r"(/__pycache__$|\.pyc$|\.pyo$)"),
    ("-vE", r"^(./a|./b)"),
    ("-iE", r"x|\.pyc$"),
    ("-E", r"ab?c|y+"),
    ("", r"\(__pycache__\|\.pyc$\)"),
    ("-v", r"__pycache__"),
    ("-i", r"\.py$"),
    ("-q", r"^./p"),
    ("-q", r"nothing"),
    ("", r"[^a-z]py"),
    ("", r"a.*c"),
    ("", "x|y"),
    ("-F", "(x|y)+"),
    ("", "$"),
    ("-e", "pyc"),
)


@pytest.mark.parametrize(("options", "pattern"), FOLLOWED)
def test_what_is_followed(options: str, pattern: str) -> None:
    assert ours(options, pattern) == real(options, pattern)


@pytest.mark.parametrize(
    "pattern", ["(ab)*", "a{2}", r"\bpy", r"(a)\1", "[[:alpha:]]", "a||b", "*a", "(", "a**", ""]
)
def test_what_is_not_followed(pattern: str) -> None:
    assert translated(pattern, extended=True) is None


@given(st.text(alphabet=r"ap.y/_*+?|()^$\[]", max_size=7), st.sampled_from(("", "-E", "-v", "-i")))
def test_any_pattern(pattern: str, options: str) -> None:
    done = ours(options, pattern)
    if done is not None and not pattern.startswith("-"):
        assert done == real(options, pattern), re.escape(pattern)


@pytest.mark.parametrize("operands", [["^c", "names"], ["-e", "^c", "names"], ["-v", "^a", "/names"]])
def test_a_file(operands: list[str]) -> None:
    files = MemoryTree({"names": "a\nc\n"})
    done = grep(Call(tuple(map(Word, ("grep", *operands))), {}, "/"), files)  # type: ignore[arg-type]
    assert done == Output(b"c\n")
