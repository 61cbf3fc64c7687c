"""Columns in code units of UTF-16, and the names under a cursor."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

pytest.importorskip("lsprotocol")
from lsprotocol.types import Position, Range

from parity.model.finding import Edit
from parity.model.location import Location
from parity.server.hover import asked_at
from parity.server.positions import column_at, range_of, range_of_edit

LINES = ["a = 1", "s = '\U0001f600é'; import x", "    import y"]


def span(start: tuple[int, int], end: tuple[int, int]) -> Range:
    return Range(Position(*start), Position(*end))


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Location("f", 1, 1, 1, 6), span((0, 0), (0, 5))),
        (Location("f", 2, 10, 2, 18), span((1, 10), (1, 18))),
        (Location("f", 3), span((2, 4), (2, 12))),
        (Location("f", 1, 1, 3), span((0, 0), (2, 12))),
        (Location("f"), span((0, 0), (0, 5))),
        (Location("f", 9), span((8, 0), (8, 0))),
    ],
)
def test_spans(place: Location, expected: Range) -> None:
    assert range_of(place, LINES) == expected


def test_a_character_of_two_units_is_one_column() -> None:
    assert column_at(Position(1, 10), LINES) == 9


def test_edits_are_whole_lines() -> None:
    assert range_of_edit(Edit("f", 3, 4, "")) == span((2, 0), (4, 0))
    assert range_of_edit(Edit("f", 3, 2, "x\n")) == span((2, 0), (2, 0))


@pytest.mark.parametrize(
    ("text", "column", "asked"),
    [
        ("import a.b, c", 8, ("a.b",)),
        ("import a, c", 10, ("c",)),
        ("import a, c", 2, ("a", "c")),
        ("from a.b import c, d", 19, ("a.b.d", "a.b")),
        ("from a.b import *", 6, ("a.b",)),
        ("from .b import c", 15, ("p/q/b/c.py", "p/q/b/c/__init__.py", "p/q/b.py", "p/q/b/__init__.py")),
        ("from .. import c", 15, ("p/c.py", "p/c/__init__.py", "p.py", "p/__init__.py")),
        ("x = 1", 0, ()),
    ],
)
def test_the_name_under_the_cursor(text: str, column: int, asked: tuple[str, ...]) -> None:
    assert asked_at(text.encode(), PurePosixPath("p/q/m.py"), 1, column) == asked
