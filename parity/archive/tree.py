"""The files of an image that was built, as a `FileTree`: bytes are read out of its layers when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence

from parity.archive.merged import Merged, Node
from parity.archive.source import Source
from parity.model.location import Unknown
from parity.tree.base import ABSENT, Answer, Entry, FileKind, Stored, ancestors
from parity.tree.reader import LARGEST_FILE


class ArchiveTree:
    """`layers`: their plain bytes, the lowest first; `merged`: what they hold together."""

    def __init__(self, merged: Merged, layers: Sequence[Source]) -> None:
        self._merged = merged
        self._layers = layers

    def lookup(self, path: str) -> Answer:
        node = self._merged.node(path)
        if node is None:
            return ABSENT
        stored = Stored(self, path) if node.kind is FileKind.FILE else None
        return Entry(node.kind, target=node.target, stored=stored, mode=node.mode, owner=node.owner)

    def names(self, path: str) -> frozenset[str] | Unknown:
        return self.entries(path)

    def entries(self, path: str) -> frozenset[str]:
        """The names in a folder: all of them are known."""
        node = self._merged.node(path)
        return frozenset(node.children) if node is not None and node.children else frozenset()

    def read(self, path: str) -> bytes | Unknown:
        node = self._merged.node(path)
        if node is None or node.kind is not FileKind.FILE:
            return Unknown(f"{path} is not a file of the image")
        if node.offset is None:
            return Unknown(f"{path} is no regular file, or its content is not in the archive")
        if node.size > LARGEST_FILE:
            return Unknown(f"{path} is larger than {LARGEST_FILE >> 20} MB and was not read")
        return self._layers[node.held_in].read(node.offset, node.size)

    def read_part(self, path: str, offset: int, length: int) -> bytes:
        """Some of the bytes of a file, however large it is; fewer at its end, none where it has none."""
        node = self._merged.node(path)
        if node is None or node.offset is None or not 0 <= offset < node.size:
            return b""
        return self._layers[node.held_in].read(node.offset + offset, min(length, node.size - offset))

    def all_names(self) -> frozenset[str]:
        """The names of all files, wherever they are."""
        found: set[str] = set()
        todo = [self._merged.root]
        while todo:
            inside = todo.pop().children or {}
            found.update(inside)
            todo += [one for one in inside.values() if one.children]
        return frozenset(found)

    def size(self, path: str) -> int | None:
        """Bytes of the file at this path; None where it is none, or has none in the archive."""
        node = self._merged.node(path)
        return node.size if node is not None and node.offset is not None else None

    def place(self, path: str) -> tuple[int, int]:
        """A number that rises with the place of the file's bytes: to read several without going back."""
        node = self._merged.node(path)
        return (node.held_in, node.offset or 0) if node is not None else (-1, 0)

    def layer(self, path: str) -> int | None:
        """The number of the layer that put it there, or took it away; None where no layer speaks of it."""
        node: Node | None = self._merged.node(path)
        if node is not None:
            return node.layer if node.layer >= 0 else None
        return max(
            (self._merged.removed[one] for one in ancestors(path) if one in self._merged.removed),
            default=None,
        )
