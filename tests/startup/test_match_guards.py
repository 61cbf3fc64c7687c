"""The guard of a `case` runs where its pattern fits, and only there: each program is run by CPython as well."""

from __future__ import annotations

import pytest

from tests.support import cpython

CLASS = "class P:\n    __match_args__ = ('x',)\n    def __init__(self, x): self.x = x\n"
MATCH = "match {subject}:\n    case {pattern} if gone:\n        pass\n    case _:\n        pass\n"
UNREACHED = {
    "a pattern that does not fit": MATCH.format(subject="1", pattern="2"),
    "a class pattern that nobody decides": CLASS + MATCH.format(subject="P(1)", pattern="P(2)"),
    "behind a case that nobody decides": (
        CLASS + "match P(1):\n    case P(1):\n        pass\n    case _ if gone:\n        pass\n"
    ),
}


@pytest.mark.parametrize("text", UNREACHED.values(), ids=UNREACHED.keys())
def test_a_guard_behind_a_pattern_that_may_not_fit_is_in_doubt(text: str) -> None:
    real, ours = cpython.judged({"main.py": text})
    assert (real, ours) == (cpython.Outcome(), cpython.Outcome())


def test_a_guard_that_is_reached_fails() -> None:
    real, ours = cpython.judged({"main.py": MATCH.format(subject="1", pattern="1")})
    assert real.exception == ours.exception == "NameError"
