"""How does a line of source look in so many columns, and which cells of it are its span?"""

from __future__ import annotations

import unicodedata

from msgspec import Struct

from parity.formats.safe import safe
from parity.model.location import Location

TAB = 4
_LONGEST = 4000
"""Characters to either side of the span that are looked at; what lies further is cut anyway."""
_BEFORE = 16
"""Cells kept before the span of a line that is cut."""


class Line(Struct, frozen=True):
    """`text` as shown; the span begins after `start` cells and is `width` cells wide."""

    text: str
    start: int
    width: int


def cells(text: str) -> int:
    """How many columns of a terminal a text takes that `safe` has seen."""
    return len(text) if text.isascii() else sum(_cells(char) for char in text)


def shown(line: str, place: Location, room: int) -> Line:
    """The line of a place, tabs and hostile characters written out, cut around the span to `room` cells."""
    line = line.rstrip("\r\n")
    start, end = offsets(line, place)
    first, last = max(start - _LONGEST, 0), min(end + _LONGEST, len(line))
    pieces, at = [], 0
    for char in line[first:last]:
        piece = " " * (TAB - at % TAB) if char == "\t" else char if char.isprintable() else safe(char)
        pieces.append(piece)
        at += cells(piece)
    widths = [cells(piece) for piece in pieces]
    before = sum(widths[: start - first])
    span = sum(widths[start - first : end - first])
    if at <= room and (first, last) == (0, len(line)):
        return Line("".join(pieces).rstrip(), before, max(span, 1))
    return _cut(pieces, widths, before, max(span, 1), max(room, 20), (first > 0, last < len(line)))


def _cells(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def offsets(line: str, place: Location) -> tuple[int, int]:
    """Where the span begins and ends in the line: where that is not known, the line without its margins."""
    full = len(line.rstrip())
    if place.column < 2 and not place.end_column:
        return len(line) - len(line.lstrip()) if full else 0, full
    start = min(place.column - 1, full)
    if place.end_line > place.line:
        return start, max(full, start)
    if not place.end_column:
        return start, min(start + 1, len(line))
    return start, max(min(place.end_column - 1, full), start)


def _cut(
    pieces: list[str], widths: list[int], start: int, span: int, room: int, more: tuple[bool, bool]
) -> Line:
    """The pieces from a little before the span on, as many as there is room for; `more`: to the left, the right."""
    total = sum(widths)
    skip = 0
    if start + span >= room or more[0]:
        skip = max(min(start - _BEFORE, max(total, start + 1) - (room - 2)), 0)
    first, begin = 0, 0
    while begin < skip:
        begin += widths[first]
        first += 1
    left = "…" if first or more[0] else ""
    limit = room - len(left)
    right = ""
    if total - begin > limit or more[1]:
        limit, right = limit - 1, "…"
    last, used = first, 0
    while last < len(pieces) and used + widths[last] <= limit:
        used += widths[last]
        last += 1
    offset = start - begin + len(left)
    text = left + "".join(pieces[first:last]).rstrip() + right
    return Line(text, offset, max(min(span, len(left) + used - offset), 1))
