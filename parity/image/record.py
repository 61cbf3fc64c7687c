"""Which layers did a stage append, and which of them may speak about a path?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from heapq import merge
from typing import TYPE_CHECKING

from msgspec import Struct, field

from parity.image.effort import Effort
from parity.image.layers import Layer, is_exact
from parity.tree.base import FileTree, ancestors

if TYPE_CHECKING:
    from parity.image.tree import ImageTree


def descent(path: str) -> Iterator[str]:
    """`/a/b` -> `/`, `/a`, `/a/b`."""
    yield "/"
    end = path.find("/", 1)
    while end > 0:
        yield path[:end]
        end = path.find("/", end + 1)
    if path != "/":
        yield path


def _backwards(numbers: list[int], limit: int) -> Iterator[int]:
    """Those below `limit` of the rising numbers, the last first: lazily, as mostly the first one answers."""
    end = len(numbers) if numbers[-1] < limit else bisect_left(numbers, limit)
    return map(numbers.__getitem__, range(end - 1, -1, -1))


class Record(Struct):
    """The layers that one stage appends: never changed, only grown.

    `at`: for each anchor the numbers of its layers, rising; `exactly`: of those that say nothing about what is
    below it. `children`: for each folder the names on the way to an anchor. `above`: the folders on the way to an
    anchor of `at`, and itself. `grounds`: how many records are below this one. `effort`: of the build.
    `moments`: the files after so many layers, once somebody asked: the same are asked for again and again.
    """

    ground: ImageTree | None
    base: FileTree
    grounds: int = 0
    effort: Effort = field(default_factory=Effort)
    moments: dict[int, ImageTree] = field(default_factory=dict)
    layers: list[Layer] = field(default_factory=list)
    at: dict[str, list[int]] = field(default_factory=dict)
    exactly: dict[str, list[int]] = field(default_factory=dict)
    children: dict[str, set[str]] = field(default_factory=dict)
    above: set[str] = field(default_factory=set)

    def append(self, layer: Layer) -> None:
        exact = is_exact(layer)
        for anchor in layer.anchors:
            (self.exactly if exact else self.at).setdefault(anchor, []).append(len(self.layers))
            for path in () if exact else ancestors(anchor):
                if path in self.above:
                    break
                self.above.add(path)
            for path in ancestors(anchor):
                folder, _, name = path.rpartition("/")
                names = self.children.setdefault(folder or "/", set())
                if not name or name in names:
                    break
                names.add(name)
        self.layers.append(layer)

    def covering(self, path: str, limit: int) -> Iterator[int]:
        """The numbers below `limit` of the layers that may speak about `path`, the last first."""
        found = []
        for anchor in descent(path):
            if anchor not in self.above:
                break
            self.effort.looked += 1
            if numbers := self.at.get(anchor):
                found.append(_backwards(numbers, limit))
        if numbers := self.exactly.get(path):
            found.append(_backwards(numbers, limit))
        return merge(*found, reverse=True) if len(found) > 1 else found[0] if found else iter(())
