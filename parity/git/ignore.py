"""Which line of which file keeps a path of the checkout out of git? (gitignore(5))"""

from __future__ import annotations

from msgspec import Struct

from parity.model.location import Location, Unknown
from parity.patterns.git_ignore import IgnoreLine, deciding, read_lines
from parity.tree.base import Entry, FileKind, FileTree, ancestors, below, join, parent_of


class OuterFile(Struct, frozen=True):
    """A file of patterns that lies outside of the checkout's folder, or in `.git`.

    `path`: as it is shown; `prefix`: the checkout's folder seen from the folder that the patterns start from, "" or
    with a slash at the end.
    """

    path: str
    prefix: str
    lines: tuple[IgnoreLine, ...]


class Ignored(Struct, frozen=True):
    """`place`: the checkout path that the line of the file `path` names; `beside`: it lies beside that file."""

    path: str
    line: IgnoreLine
    place: str
    beside: bool

    @property
    def on_purpose(self) -> bool:
        """Does the line say where, or may it have been meant for something else of that name?"""
        return self.beside or not self.line.anywhere

    @property
    def location(self) -> Location:
        return Location(self.path, self.line.number)


class GitIgnore:
    """Asked path by path; each .gitignore is read once. Files that git tracks all the same are not known.

    `outer`: the files of patterns besides those in the tree, the strongest first.
    """

    def __init__(self, tree: FileTree, outer: tuple[OuterFile, ...] = ()) -> None:
        self.tree = tree
        self.outer = outer
        self._lines: dict[str, tuple[IgnoreLine, ...]] = {}

    def ignores(self, path: str) -> bool:
        """Is the file or folder (absolute in the checkout) ignored, itself or with a folder above it?"""
        return self.ignored(path) is not None

    def ignored(self, path: str) -> Ignored | None:
        """The line that keeps it out, itself or with a folder above it."""
        for place in reversed([place for place in ancestors(path) if place != "/"]):
            found = self._deciding(place, is_folder=place != path or self._is_folder(place))
            if found is not None and not found.line.negated:
                return found
        return None

    def ignores_on_purpose(self, path: str) -> bool:
        """The same, by a line that means just this place."""
        found = self.ignored(path)
        return found is not None and found.on_purpose

    def names(self, path: str, *, is_folder: bool) -> bool:
        """Does a line name just this path? The last line of the nearest file decides."""
        found = self._deciding(path, is_folder=is_folder)
        return found is not None and not found.line.negated

    def _deciding(self, path: str, *, is_folder: bool) -> Ignored | None:
        folder = path
        while folder != "/":
            folder = parent_of(folder)
            lines = self._of(folder)
            line = deciding(lines, below(path, folder), is_folder) if lines else None
            if line is not None:
                return Ignored(join(folder, ".gitignore")[1:], line, path, folder == parent_of(path))
        for file in self.outer:
            line = deciding(file.lines, file.prefix + path[1:], is_folder)
            if line is not None:
                return Ignored(file.path, line, path, not file.prefix and parent_of(path) == "/")
        return None

    def _is_folder(self, path: str) -> bool:
        answer = self.tree.lookup(path)
        return not isinstance(answer, Entry) or answer.kind is FileKind.DIRECTORY

    def _of(self, folder: str) -> tuple[IgnoreLine, ...]:
        if folder not in self._lines:
            self._lines[folder] = self._read(join(folder, ".gitignore"))
        return self._lines[folder]

    def _read(self, path: str) -> tuple[IgnoreLine, ...]:
        answer = self.tree.lookup(path)
        if not isinstance(answer, Entry) or answer.kind is not FileKind.FILE:
            return ()
        data = self.tree.read(path)
        return () if isinstance(data, Unknown) else read_lines(data)
