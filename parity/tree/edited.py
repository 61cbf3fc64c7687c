"""The files of a tree, some of them with other contents: edits that are tried, unsaved buffers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from parity.model.location import Unknown
from parity.tree.base import Answer, Entry, FileKind, FileTree


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


def with_buffers(tree: FileTree, root: Path, buffers: Mapping[Path, bytes]) -> FileTree:
    """The files of a tree that begins at `root`, as an editor holds them. A file that was never saved is not there."""
    contents = {
        f"/{path.relative_to(root).as_posix()}": data
        for path, data in buffers.items()
        if path.is_relative_to(root)
    }
    there = {path: data for path, data in contents.items() if _is_file(tree, path)}
    return EditedTree(tree, there) if there else tree


def _is_file(tree: FileTree, path: str) -> bool:
    found = tree.lookup(path)
    return isinstance(found, Entry) and found.kind is FileKind.FILE
