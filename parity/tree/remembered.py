"""The files of a tree as they were when they were first read, whoever changes them in the meantime."""

from __future__ import annotations

from parity.model.location import Unknown
from parity.tree.base import Answer, FileTree


class RememberedTree:
    """Each file is read once: what is found in a text and what is edited are the same text."""

    def __init__(self, tree: FileTree) -> None:
        self.tree = tree
        self._contents: dict[str, bytes | Unknown] = {}

    def lookup(self, path: str) -> Answer:
        return self.tree.lookup(path)

    def names(self, path: str) -> frozenset[str] | Unknown:
        return self.tree.names(path)

    def read(self, path: str) -> bytes | Unknown:
        content = self._contents.get(path)
        if content is None:
            content = self._contents[path] = self.tree.read(path)
        return content
