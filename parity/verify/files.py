"""Which files does an image lack, which are out of date, and which are there that no instruction brings?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from parity.archive.read import BuiltImage
from parity.build.absence import explain
from parity.build.image import Image
from parity.image.changes import may_be_changed
from parity.model.verification import Differs, FileDifference, LayerOf
from parity.tree.base import Absent, Entry, FileKind, child, parent_of, within
from parity.tree.links import is_folder
from parity.verify.built import BuiltTree

ENGINES_OWN = tuple(
    "/dev /proc /sys /etc/hosts /etc/hostname /etc/resolv.conf /.dockerenv /run/secrets".split()
)
"""What a build and a container have from their engine (runc, BuildKit)."""
SITE = re.compile(r"/(?:site|dist)-packages(?:/|$)")
CACHE = "__pycache__"
MOST_TOLD = 10_000
LONGEST = 1_000
"""Characters of a step's text that are looked at."""
_SHELL = re.compile(r"(?:\|\d+ .*?)?/\S+ (?:-\w+ |\w+ )*-\w*c ")
"""BuildKit writes RUN down; Docker before, and Buildah, the shell and, behind a `|1`, build arguments."""


class Compared(Struct, frozen=True):
    """`files`: how many were compared; `left_out`: how many were not, since git does not have their source."""

    differences: tuple[FileDifference, ...]
    files: int
    left_out: int


def compare_files(
    image: Image, built: BuiltImage, files: BuiltTree, tracked: Callable[[str], bool], first: int
) -> Compared:
    """`image`: as the Dockerfile makes it; `tracked`: does git have this file, or anything of this folder?

    What git does not have was hardly there where the image was built. `first`: the first layer that is not the base's.
    """
    return _Comparison(image, built, files, tracked, first).run()


def first_layer(image: Image, built: BuiltImage) -> int:
    """The number of the first layer that has something that the Dockerfile makes: those before are the base image's."""
    files = (path for path, entry in image.tree.listing() if entry.kind is not FileKind.DIRECTORY)
    there = (built.tree.layer(path) for path in files if isinstance(built.tree.lookup(path), Entry))
    return min((number for number in there if number is not None), default=0)


class _Comparison:
    def __init__(
        self, image: Image, built: BuiltImage, files: BuiltTree, tracked: Callable[[str], bool], first: int
    ) -> None:
        self.image = image
        self.built = built
        self.files = files
        self.tracked = tracked
        self.filled: dict[str, None] = {}
        self.first_layer = first
        self.compared = 0
        self.left_out = 0

    def run(self) -> Compared:
        planned = [one for one in self.image.tree.listing() if not _is_engines(one[0])]
        stored = sorted(planned, key=lambda one: self.built.tree.place(one[0]))
        for path, entry in stored:  # what is read is remembered; in this order nothing is read twice
            if entry.kind is FileKind.FILE:
                self.files.same(path)
        found = [*self._planned(planned), *self._unexpected()]
        found.sort(key=lambda one: one.path)
        return Compared(tuple(found[:MOST_TOLD]), self.compared, self.left_out)

    def _planned(self, planned: list[tuple[str, Entry]]) -> Iterator[FileDifference]:
        missing = "\0"
        for path, entry in planned:
            there = self.built.tree.lookup(self.files.place(path))
            if within(path, missing):
                continue
            if entry.source is not None and not self.tracked(entry.source):
                self.left_out += 1
                continue
            if entry.source is not None:
                self.filled[parent_of(path)] = None
            self.compared += entry.kind is not FileKind.DIRECTORY
            if not isinstance(there, Entry):
                missing = path
                yield self._difference(path, entry, Differs.MISSING)
                continue
            detail = self._stale(path, entry, there)
            if detail is not None:
                yield self._difference(path, entry, Differs.STALE, detail)

    def _stale(self, path: str, entry: Entry, there: Entry) -> str | None:
        """What is different; None where nothing is, or that cannot be told."""
        if may_be_changed(self.image.tree, path):
            return None
        if entry.kind is FileKind.DIRECTORY and is_folder(self.built.tree, path):
            return None
        if entry.kind is not there.kind:
            kinds = {FileKind.FILE: "a file", FileKind.DIRECTORY: "a folder", FileKind.SYMLINK: "a link"}
            return f"it is {kinds[there.kind]}, and {kinds[entry.kind]} now"
        if entry.kind is FileKind.SYMLINK and entry.target != there.target:
            return f"it leads to {there.target}, and to {entry.target} now"
        if entry.kind is FileKind.FILE and self.files.same(path) is False:
            return ""
        return None

    def _unexpected(self) -> Iterator[FileDifference]:
        """In the folders that have something of the checkout; of what the base image brings nothing is told."""
        for folder in self.filled:
            here = self.image.tree.lookup(folder)
            own = isinstance(here, Entry) and here.made_by is not None
            if SITE.search(folder) or folder == "/" or not (own or self.first_layer):
                continue
            for name in sorted(self.built.tree.entries(folder)):
                path = child(folder, name)
                if isinstance(self.image.tree.lookup(path), Absent) and self._is_told(path, name):
                    there = self.built.tree.lookup(path)
                    assert isinstance(there, Entry)
                    yield FileDifference(
                        path,
                        Differs.UNEXPECTED,
                        there.kind.value,
                        layer=self._layer(path),
                        cause=explain(self.image, path),
                    )

    def _is_told(self, path: str, name: str) -> bool:
        """No cache of Python's, nor what a RUN step has made: of those the Dockerfile's text does not tell all."""
        layer = self.built.layer_of(path)
        number = self.built.tree.layer(path)
        return (
            (number or 0) >= self.first_layer
            and name != CACHE
            and not name.endswith(".pyc")
            and not _is_engines(path)
            and not (layer is not None and _is_run(layer.made_by))
        )

    def _difference(self, path: str, entry: Entry, how: Differs, detail: str = "") -> FileDifference:
        source = (entry.source or "").lstrip("/")
        return FileDifference(path, how, entry.kind.value, source, entry.made_by, self._layer(path), detail)

    def _layer(self, path: str) -> LayerOf | None:
        number = self.built.tree.layer(path)
        if number is None:
            return None
        layer = self.built.layers[number]
        return LayerOf(number + 1, layer.digest, layer.made_by.removesuffix(" # buildkit"))


def _is_run(made_by: str) -> bool:
    text = made_by[:LONGEST]
    return text.startswith("RUN ") or ("#(nop)" not in text and _SHELL.match(text) is not None)


def _is_engines(path: str) -> bool:
    return any(within(path, own) for own in ENGINES_OWN)
