"""What do the .gitignore files of a checkout leave out? (git: gitignore(5))"""

from __future__ import annotations

from pathspec import GitIgnoreSpec

from parity.model.location import Unknown
from parity.tree.base import Entry, FileKind, FileTree, ancestors, below, join, parent_of

MOST_LINES = 2000
LONGEST_LINE = 300
MOST_STARS = 6
"""Of a line: more of them take a regular expression too long."""


class GitIgnore:
    """Asked folder by folder; each .gitignore is read once. Files that git tracks all the same are not known."""

    def __init__(self, tree: FileTree) -> None:
        self.tree = tree
        self._specs: dict[str, GitIgnoreSpec | None] = {}

    def ignores(self, path: str) -> bool:
        """Is the file or folder (absolute in the checkout) ignored, itself or with a folder above it?"""
        if path == "/":
            return False
        parts = [place for place in ancestors(path) if place != "/"]
        return any(
            self.names(place, is_folder=place != path or self._is_folder(place)) for place in reversed(parts)
        )

    def names(self, path: str, *, is_folder: bool) -> bool:
        """Does a line name just this path? The last line of the nearest file decides."""
        folder = path
        while folder != "/":
            folder = parent_of(folder)
            spec = self._spec(folder)
            if spec is None:
                continue
            decided = spec.check_file(below(path, folder) + ("/" if is_folder else "")).include
            if decided is not None:
                return decided
        return False

    def _is_folder(self, path: str) -> bool:
        answer = self.tree.lookup(path)
        return not isinstance(answer, Entry) or answer.kind is FileKind.DIRECTORY

    def _spec(self, folder: str) -> GitIgnoreSpec | None:
        if folder not in self._specs:
            self._specs[folder] = self._read(join(folder, ".gitignore"))
        return self._specs[folder]

    def _read(self, path: str) -> GitIgnoreSpec | None:
        answer = self.tree.lookup(path)
        if not isinstance(answer, Entry) or answer.kind is not FileKind.FILE:
            return None
        data = self.tree.read(path)
        if isinstance(data, Unknown):
            return None
        lines = data.decode("utf8", "replace").splitlines()[:MOST_LINES]
        try:
            return GitIgnoreSpec.from_lines(
                line for line in lines if len(line) <= LONGEST_LINE and line.count("*") <= MOST_STARS
            )
        except ValueError:
            return None
