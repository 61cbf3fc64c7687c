"""Files that a program is asked about, and does not change: what it would write is forgotten."""

from __future__ import annotations

from parity.model.location import Unknown
from parity.tree.base import Answer, FileTree
from parity.tree.writable import Content


class UnchangedTree:
    """A `WritableTree` whose answers are those of `tree`, whatever is written."""

    def __init__(self, tree: FileTree) -> None:
        self.tree = tree

    def lookup(self, path: str) -> Answer:
        return self.tree.lookup(path)

    def names(self, path: str) -> frozenset[str] | Unknown:
        return self.tree.names(path)

    def read(self, path: str) -> bytes | Unknown:
        return self.tree.read(path)

    def snapshot(self) -> FileTree:
        return self.tree

    def make_directory(self, path: str, mode: int | None = None) -> None: ...

    def write(self, path: str, content: Content, mode: int | None = None) -> None: ...

    def link(self, path: str, target: str) -> None: ...

    def remove(self, path: str) -> None: ...

    def rename(self, old: str, new: str) -> None: ...

    def copy(self, old: str, new: str, *, without: frozenset[str] = frozenset()) -> None: ...

    def copy_from(self, other: FileTree, old: str, new: str) -> None: ...

    def change_mode(self, path: str, mode: int | None, owner: str | None, *, recursive: bool) -> None: ...

    def obscure(
        self, folder: str, unknown: Unknown, *, suffixes: tuple[str, ...] = (), removes: bool = False
    ) -> None: ...
