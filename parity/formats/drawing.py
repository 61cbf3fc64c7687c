"""Where the boxes of an import graph stand in a drawing: columns by distance from the start, few crossings."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from parity.formats.excerpt import cells
from parity.model.graph import ImageGraph

HEIGHT = 30
_GAP, _AISLE, _MARGIN = 12, 70, 10
_CELL = 8


class Box(Struct, frozen=True):
    """Left, top and width, in pixels."""

    x: int
    y: int
    width: int


class Drawing(Struct, frozen=True):
    """A box a module, and the size of the whole."""

    boxes: Mapping[str, Box]
    width: int
    height: int


def draw(graph: ImageGraph) -> Drawing:
    """Columns from left to right; in each, a box stands near those that import it."""
    boxes: dict[str, Box] = {}
    x, bottom = _MARGIN, 0
    for column in _columns(graph):
        width = max(cells(name) for name in column) * _CELL + 20
        for row, name in enumerate(column):
            boxes[name] = Box(x, _MARGIN + row * (HEIGHT + _GAP), width)
        bottom = max(bottom, _MARGIN + len(column) * (HEIGHT + _GAP))
        x += width + _AISLE
    return Drawing(boxes, x - _AISLE + _MARGIN, bottom)


def _columns(graph: ImageGraph) -> list[list[str]]:
    importers: dict[str, list[str]] = {}
    imported: dict[str, list[str]] = {}
    for one in graph.imports:
        importers.setdefault(one.imported, []).append(one.importer)
        imported.setdefault(one.importer, []).append(one.imported)
    depth: dict[str, int] = {}
    names = [module.name for module in graph.modules]
    starts = [m.name for m in graph.modules if m.entry] or [n for n in names if n not in importers]
    level = list(dict.fromkeys([*starts, *(name for name in names if name not in importers)]))
    while level:
        depth.update(dict.fromkeys(level, max(depth.values(), default=-1) + 1))
        below = (goal for name in level for goal in imported.get(name, ()) if goal not in depth)
        level = list(dict.fromkeys(below))
    for name in names:
        depth.setdefault(name, 0)  # a cycle that nothing leads into
    columns: list[list[str]] = []
    place: dict[str, float] = {}
    for number in range(max(depth.values(), default=-1) + 1):
        column = [name for name in names if depth[name] == number]

        def middle(name: str) -> float:
            above = [place[one] for one in importers.get(name, ()) if one in place]
            return sum(above) / len(above) if above else 0.0

        column.sort(key=middle)
        place.update({name: row for row, name in enumerate(column)})
        columns.append(column)
    return columns
