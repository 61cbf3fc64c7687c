"""Lines and columns as editors count them: from 0, columns in code units of UTF-16 (LSP 3.17, Position)."""

from __future__ import annotations

from lsprotocol.types import Position, Range

from parity.model.finding import Edit
from parity.model.location import Location


def range_of(place: Location, lines: list[str]) -> Range:
    """The span; the whole line where no column is known. `lines`: of the file."""
    line = max(place.line, 1)
    end_line = max(place.end_line, line)
    start = _units(lines, line, place.column - 1) if place.column else _indent(lines, line)
    end = _units(lines, end_line, place.end_column - 1) if place.end_column else _length(lines, end_line)
    return Range(Position(line - 1, start), Position(end_line - 1, end))


def range_of_edit(edit: Edit) -> Range:
    """Whole lines; the end of an insertion is its beginning."""
    return Range(Position(edit.start_line - 1, 0), Position(max(edit.end_line, edit.start_line - 1), 0))


def column_at(position: Position, lines: list[str]) -> int:
    """The character of the line, from 0."""
    text = _text(lines, position.line + 1)
    return len(
        text.encode("utf-16-le", "surrogatepass")[: position.character * 2].decode("utf-16-le", "replace")
    )


def _text(lines: list[str], line: int) -> str:
    return lines[line - 1] if line <= len(lines) else ""


def _units(lines: list[str], line: int, column: int) -> int:
    return len(_text(lines, line)[:column].encode("utf-16-le", "surrogatepass")) // 2


def _length(lines: list[str], line: int) -> int:
    text = _text(lines, line)
    return _units(lines, line, len(text))


def _indent(lines: list[str], line: int) -> int:
    text = _text(lines, line)
    return len(text) - len(text.lstrip())
