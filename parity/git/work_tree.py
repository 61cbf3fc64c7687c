"""What git has of a checkout: which files it tracks, and why not the others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from parity.git.ignore import GitIgnore, Ignored
from parity.git.index import Index, NotReadError
from parity.git.repository import Repository, repository_of
from parity.model.finding import Cause, CauseKind
from parity.model.location import Unknown
from parity.model.octets import octets
from parity.tree.base import ABSENT, Answer, Entry, FileTree, child


class WorkTree:
    """`tree`: the checkout, the folder `place` of a work tree. Paths are the checkout's."""

    def __init__(self, tree: FileTree, place: Path) -> None:
        self.tree = tree
        self._repository = repository_of(place)
        outer = self._repository.outer_files(place) if self._repository else ()
        self._prefix = _prefix(place, self._repository)
        self.ignore = GitIgnore(tree, outer)

    def untracked(self, paths: Iterable[str]) -> tuple[str, ...]:
        """The files that git does not have. None where there is no repository, or nothing can be told."""
        index = self._repository.index if self._repository else None
        if index is None:
            return ()
        try:
            names = index.untracked(self._name(path) for path in paths)
            return tuple(self._path(name) for name in names if not self._is_in_submodule(name, index))
        except NotReadError:
            return ()

    @property
    def speaks(self) -> bool:
        """Is there a repository that has anything of the checkout?"""
        index = self._repository.index if self._repository else None
        try:
            return index is not None and index.tracks_below(self._prefix.rstrip(b"/"))
        except NotReadError:
            return False

    def tracks(self, path: str) -> bool:
        """Does git have this file, or anything in this folder? True where there is no repository."""
        index = self._repository.index if self._repository else None
        if index is None:
            return True
        name = self._name(path)
        return index.tracks(name) or index.tracks_below(name) or self._is_in_submodule(name, index)

    def untracked_place(self, path: str) -> str:
        """The file itself, or the topmost folder above it of which git has nothing."""
        place = path
        while (above := place.rpartition("/")[0]) and not self.tracks(above):
            place = above
        return place

    def ignored(self, path: str) -> Ignored | None:
        """The line that keeps it out of git."""
        return self.ignore.ignored(path)

    def lacks(self, path: str) -> Cause | None:
        """Why git does not have the file or folder, where it does not."""
        if not self.speaks or self.tracks(path):
            return None
        ignored = self.ignored(path)
        if ignored is not None:
            return Cause(CauseKind.GIT_IGNORE, ignored.line.text, ignored.location)
        return Cause(CauseKind.NOT_ADDED, f"no line of a .gitignore names {self.untracked_place(path)[1:]}")

    def _is_in_submodule(self, name: bytes, index: Index) -> bool:
        folder = index.submodule(name)
        if folder is None or self._repository is None:
            return False
        inner = self._repository.submodule(folder)
        rest = name[len(folder) + 1 :]
        if inner is None or inner.index is None or not rest:
            return True
        try:
            return not inner.index.untracked([rest])
        except NotReadError:
            return True

    def _name(self, path: str) -> bytes:
        return (self._prefix + octets(path[1:])).rstrip(b"/")

    def _path(self, name: bytes) -> str:
        return "/" + name.removeprefix(self._prefix).decode("utf8", "surrogateescape")


class CleanTree:
    """The checkout as a fresh clone has it: what git does not track is not there."""

    def __init__(self, work_tree: WorkTree) -> None:
        self._tree = work_tree.tree
        self._work_tree = work_tree

    def lookup(self, path: str) -> Answer:
        answer = self._tree.lookup(path)
        is_there = not isinstance(answer, Entry) or path == "/" or self._work_tree.tracks(path)
        return answer if is_there else ABSENT

    def names(self, path: str) -> frozenset[str] | Unknown:
        names = self._tree.names(path)
        if isinstance(names, Unknown):
            return names
        return frozenset(name for name in names if self._work_tree.tracks(child(path, name)))

    def read(self, path: str) -> bytes | Unknown:
        return self._tree.read(path)


def _prefix(place: Path, repository: Repository | None) -> bytes:
    below = place.relative_to(repository.top).as_posix() if repository else "."
    return b"" if below == "." else octets(below) + b"/"
