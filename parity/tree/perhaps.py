"""A tree in which files may have come to be since: what was absent there is not known to be."""

from __future__ import annotations

from dataclasses import dataclass, field

from parity.model.location import Unknown
from parity.tree.base import Absent, Answer, FileTree, ancestors


@dataclass(frozen=True, slots=True)
class PerhapsMade:
    """`tree`, where anything at or below `places` may have been made, or on the way to one of them."""

    tree: FileTree
    places: tuple[str, ...]
    _made: frozenset[str] = field(init=False, repr=False)
    _on_the_way: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_made", frozenset(self.places))
        object.__setattr__(self, "_on_the_way", frozenset(f for p in self.places for f in ancestors(p)))

    def lookup(self, path: str) -> Answer:
        answer = self.tree.lookup(path)
        if isinstance(answer, Absent) and (
            path in self._on_the_way or not self._made.isdisjoint(ancestors(path))
        ):
            return Unknown("a program of the start-up may have made it")
        return answer

    def names(self, path: str) -> frozenset[str] | Unknown:
        return self.tree.names(path)

    def read(self, path: str) -> bytes | Unknown:
        return self.tree.read(path)
