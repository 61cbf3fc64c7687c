"""Edits change the lines that they name and nothing else, to the byte."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.model.finding import Edit
from parity.remedies.trial.edits import applied, fitting


@pytest.mark.parametrize(
    ("before", "edits", "after"),
    [
        (b"a\nb\n", [(2, 1, "x\n")], b"a\nx\nb\n"),
        (b"a\nb\n", [(3, 2, "x\n")], b"a\nb\nx\n"),
        (b"a\nb", [(3, 2, "x\n")], b"a\nb\nx\n"),
        (b"a\r\nb\r\n", [(2, 1, "x\ny\n")], b"a\r\nx\r\ny\r\nb\r\n"),
        (b"a\nb\nc\n", [(2, 2, "")], b"a\nc\n"),
        (b"a\nb\nc\n", [(1, 2, "x\n")], b"x\nc\n"),
        (b"a\n", [(2, 1, "x\n"), (2, 1, "y\n")], b"a\nx\ny\n"),
        (b"a\nb\n", [(2, 2, "c\n"), (2, 1, "x\n")], b"a\nx\nc\n"),
        (b"", [(1, 0, "x\n")], b"x\n"),
        (b"\xef\xbb\xbfa\n\xff\n", [(2, 1, "\udcfe\n")], b"\xef\xbb\xbfa\n\xfe\n\xff\n"),
        (b"a\x0cb\x0bc\rd\n", [(2, 1, "x\n")], b"a\x0cb\x0bc\rd\nx\n"),
    ],
)
def test_lines_are_replaced_and_inserted(
    before: bytes, edits: list[tuple[int, int, str]], after: bytes
) -> None:
    assert applied(before, [Edit("f", *edit) for edit in edits]) == after


@settings(deadline=None)
@given(st.lists(st.sampled_from([b"a", b"b\r", b"", b"c d"]), min_size=1), st.data())
def test_an_insert_leaves_every_line_where_it_was(lines: list[bytes], data: st.DataObject) -> None:
    before = b"\n".join(lines) + b"\n"
    at = data.draw(st.integers(1, len(lines) + 1))
    after = applied(before, [Edit("f", at, at - 1, "NEW\n")])
    kept = after.split(b"\n")
    assert kept.pop(at - 1).rstrip(b"\r") == b"NEW"
    assert b"\n".join(kept) == before


def test_what_overlaps_waits() -> None:
    one, same, over = Edit("f", 2, 3, ""), Edit("f", 2, 3, ""), Edit("f", 3, 3, "x\n")
    inside, other, below = Edit("f", 3, 2, "y\n"), Edit("g", 3, 3, "x\n"), Edit("f", 4, 3, "z\n")
    assert fitting([one, same, over, inside, other, below]) == (one, other, below)
