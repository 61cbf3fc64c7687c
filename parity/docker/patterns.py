"""Which files of a folder `COPY --exclude` leaves out, and which `COPY --parents` takes.

Both speak the language of ignore files, relative to the folder (BuildKit: fsutil copy: ExcludePatterns,
IncludePatterns).
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.docker.context import BuildContext
from parity.docker.ignore import DockerPattern, IgnoreFile, rule_of
from parity.model.location import Location, Unknown
from parity.tree.base import ABSENT, Answer, Entry, FileKind, FileTree, join

MOST_VISITED = 200_000
"""Paths that one pattern may look at."""


class ExcludingTree:
    """A folder of another tree, less what the rules exclude; the rest is as it is there."""

    reason = "--exclude leaves it out"

    def __init__(self, tree: FileTree, folder: str, rules: IgnoreFile) -> None:
        self.tree = tree
        self._kept = BuildContext(tree, folder, rules)

    def source_path(self, path: str) -> str:
        """The path in `tree` of a path of this tree."""
        return self._kept.checkout_path(path)

    def lookup(self, path: str) -> Answer:
        kept = self._kept.lookup(path)
        return self.tree.lookup(self.source_path(path)) if isinstance(kept, Entry) else kept

    def names(self, path: str) -> frozenset[str] | Unknown:
        return self._kept.names(path)

    def read(self, path: str) -> bytes | Unknown:
        return self.tree.read(self.source_path(path))


class LackingTree(ExcludingTree):
    """A folder of another tree, less some paths (relative to it) and all below them."""

    reason = "the step that copies its folder leaves it out"

    def __init__(self, tree: FileTree, folder: str, lacking: frozenset[str]) -> None:
        self.tree = tree
        self._folder = folder
        self._lacking = lacking

    def source_path(self, path: str) -> str:
        return join(self._folder, path.lstrip("/"))

    def lookup(self, path: str) -> Answer:
        return ABSENT if self._is_lacking(path) else self.tree.lookup(self.source_path(path))

    def names(self, path: str) -> frozenset[str] | Unknown:
        if self._is_lacking(path):
            return frozenset()
        names = self.tree.names(self.source_path(path))
        if isinstance(names, Unknown):
            return names
        return frozenset(name for name in names if join(path, name)[1:] not in self._lacking)

    def _is_lacking(self, path: str) -> bool:
        part = path[1:]
        while part:
            if part in self._lacking:
                return True
            part = part.rpartition("/")[0]
        return False


def excluding(tree: FileTree, folder: str, patterns: tuple[str, ...], location: Location) -> FileTree:
    """The folder as a tree of its own, less what the patterns exclude."""
    rules = (rule_of(pattern, location) for pattern in patterns)
    return ExcludingTree(tree, folder, IgnoreFile("", tuple(rule for rule in rules if rule is not None)))


def matching(tree: FileTree, folder: str, pattern: str) -> Iterator[str | Unknown]:
    """The paths below `folder`, relative to it, that the pattern matches; not what is below a match."""
    segments = pattern.split("/")
    literal = next((i for i, part in enumerate(segments) if set(part) & set("*?[\\")), len(segments))
    start = "/".join(segments[:literal])
    if literal == len(segments):
        if isinstance(tree.lookup(join(folder, start)), Entry):
            yield start
        return
    wanted = DockerPattern(pattern)
    todo = [start]
    visited = 0
    while todo:
        at = todo.pop()
        if at != start and wanted.match_file(at):
            yield at
            continue
        answer = tree.lookup(join(folder, at))
        if isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY:
            names = tree.names(join(folder, at))
            if isinstance(names, Unknown):
                yield names
                continue
            visited += len(names)
            if visited > MOST_VISITED:
                yield Unknown(f"the pattern {pattern} has too many files to look at")
                return
            todo += sorted((f"{at}/{name}" if at else name for name in names), reverse=True)
