"""A line with its span: what is shown, and which cells are underlined."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.formats.excerpt import Line, cells, shown
from parity.model.location import Location


def at(column: int, end_column: int = 0, end_line: int = 1) -> Location:
    return Location("f", 1, column, end_line if end_column else 0, end_column)


@pytest.mark.parametrize(
    ("line", "place", "expected"),
    [
        ("import a", at(1, 9), Line("import a", 0, 8)),
        ("x = 1; import a\n", at(8, 16), Line("x = 1; import a", 7, 8)),
        ("    import a", at(0), Line("    import a", 4, 8)),
        ("COPY . .", at(1), Line("COPY . .", 0, 8)),
        ("a = (", at(5), Line("a = (", 4, 1)),
        ("\timport a", at(2, 10), Line("    import a", 4, 8)),
        ("a\tb", at(3, 4), Line("a   b", 4, 1)),
        ("日本 = 1; import é", at(9, 17), Line("日本 = 1; import é", 10, 8)),
        ("e\u0301 = 1; import a", at(9, 17), Line("e\u0301 = 1; import a", 7, 8)),
        ("\x1b[31m; import a", at(8, 16), Line("\\x1b[31m; import a", 10, 8)),
        ("from a import (", Location("f", 1, 1, 3, 2), Line("from a import (", 0, 15)),
        ("short", at(40, 50), Line("short", 5, 1)),
        ("", at(1, 5), Line("", 0, 1)),
        ("import a\r\n", at(1, 9), Line("import a", 0, 8)),
    ],
)
def test_the_span_is_underlined(line: str, place: Location, expected: Line) -> None:
    assert shown(line, place, 80) == expected


def test_a_long_line_is_cut_around_its_span() -> None:
    line = "a" * 300 + "import b" + "c" * 300
    cut = shown(line, at(301, 309), 40)
    assert cut.text[cut.start : cut.start + cut.width] == "import b"
    assert (cut.text[0], cut.text[-1], len(cut.text)) == ("…", "…", 40)


def test_the_start_of_a_span_that_is_too_long_is_shown() -> None:
    cut = shown("x = 1; " + "import " + "a" * 200, at(8, 215), 40)
    assert cut == Line("x = 1; import " + "a" * 25 + "…", 7, 32)


def test_a_line_of_megabytes_is_not_walked() -> None:
    cut = shown("x" * 50_000_000 + "; import a", at(50_000_003, 50_000_011), 60)
    assert cut.text[cut.start : cut.start + cut.width] == "import a"


@settings(deadline=None)
@given(
    st.text(st.characters(exclude_characters="\n\r"), max_size=120) | st.text("日a\t\u0301", max_size=120),
    st.integers(0, 130),
    st.integers(0, 130),
    st.integers(20, 100),
)
def test_nothing_leaves_the_room(line: str, column: int, end_column: int, room: int) -> None:
    cut = shown(line, Location("f", 1, column, 1 if end_column else 0, end_column), room)
    assert cells(cut.text) <= room
    assert cut.start >= 0
    assert cut.width >= 1
    assert cut.start + cut.width <= room + 1
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in cut.text)
