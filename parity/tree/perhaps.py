"""A tree in which files may have come to be since: what was absent there is not known to be."""

from __future__ import annotations

from parity.model.location import May, Unknown
from parity.tree.base import Absent, Answer, FileTree, ancestors


class PerhapsMade:
    """`tree`, where anything at or below `places` may have been made, or on the way to one of them."""

    __slots__ = ("_made", "_on_the_way", "tree")

    def __init__(self, tree: FileTree, places: tuple[str, ...]) -> None:
        self.tree = tree
        self._made = frozenset(places)
        self._on_the_way = frozenset(above for place in places for above in ancestors(place))

    def lookup(self, path: str) -> Answer:
        answer = self.tree.lookup(path)
        if isinstance(answer, Absent) and (
            path in self._on_the_way or not self._made.isdisjoint(ancestors(path))
        ):
            made = next((place for place in ancestors(path) if place in self._made), path)
            # Nobody makes a module of the project just anywhere: where all is possible, it is data.
            may = May.ELSEWHERE if made == "/" else May.SOURCES
            return Unknown("a program of the start-up may have made it", may=may, reach=made)
        return answer

    def names(self, path: str) -> frozenset[str] | Unknown:
        return self.tree.names(path)

    def read(self, path: str) -> bytes | Unknown:
        return self.tree.read(path)
