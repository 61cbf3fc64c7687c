"""A tree in which files may have come to be since: what was absent there is not known to be."""

from __future__ import annotations

from dataclasses import dataclass

from parity.model.location import Unknown
from parity.tree.base import Absent, Answer, FileTree, within


@dataclass(frozen=True, slots=True)
class PerhapsMade:
    """`tree`, where anything at or below `places` may have been made, or on the way to one of them."""

    tree: FileTree
    places: tuple[str, ...]

    def lookup(self, path: str) -> Answer:
        answer = self.tree.lookup(path)
        if isinstance(answer, Absent) and any(within(path, p) or within(p, path) for p in self.places):
            return Unknown("a program of the start-up may have made it")
        return answer

    def names(self, path: str) -> frozenset[str] | Unknown:
        return self.tree.names(path)

    def read(self, path: str) -> bytes | Unknown:
        return self.tree.read(path)
