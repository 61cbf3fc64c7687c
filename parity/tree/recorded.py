"""The files of a tree, and which of them were read."""

from __future__ import annotations

from parity.model.location import Unknown
from parity.tree.base import Answer, FileTree


class RecordedTree:
    """`seen`: the paths, absolute in the tree, whose contents were asked for."""

    def __init__(self, tree: FileTree) -> None:
        self.tree = tree
        self.seen: set[str] = set()

    def lookup(self, path: str) -> Answer:
        return self.tree.lookup(path)

    def names(self, path: str) -> frozenset[str] | Unknown:
        return self.tree.names(path)

    def read(self, path: str) -> bytes | Unknown:
        self.seen.add(path)
        return self.tree.read(path)
