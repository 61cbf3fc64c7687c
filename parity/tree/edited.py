"""The files of a tree, some of them with other contents: edits that are tried, unsaved buffers."""

from __future__ import annotations

from collections.abc import Mapping

from parity.model.location import Unknown
from parity.tree.base import Answer, FileTree


class EditedTree:
    """`contents`: what `read` gives for these paths (absolute in the tree), which name files that are there."""

    def __init__(self, tree: FileTree, contents: Mapping[str, bytes]) -> None:
        self.tree = tree
        self.contents = dict(contents)

    def lookup(self, path: str) -> Answer:
        return self.tree.lookup(path)

    def names(self, path: str) -> frozenset[str] | Unknown:
        return self.tree.names(path)

    def read(self, path: str) -> bytes | Unknown:
        edited = self.contents.get(path)
        return self.tree.read(path) if edited is None else edited
