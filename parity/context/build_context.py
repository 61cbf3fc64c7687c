"""What is in the build context: the files of a folder less those that its ignore file keeps out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from msgspec.structs import replace

from parity.context.ignore import NOTHING_IGNORED, IgnoreFile, IgnoreRule, Matcher, Verdict, read_ignore_file
from parity.git.lfs import is_pointer
from parity.model.errors import ParityError
from parity.model.location import Location, Unknown
from parity.tree.base import (
    ABSENT,
    Absent,
    Answer,
    Entry,
    FileKind,
    FileTree,
    ancestors,
    child,
    join,
    parent_of,
)
from parity.tree.links import follow


class Judge(Protocol):
    """What decides about paths, relative to the context: see `Matcher`."""

    @property
    def may_fail(self) -> bool: ...
    def verdict(self, path: str) -> Verdict: ...
    def opening_verdict(self, path: str) -> Verdict: ...
    def may_reinclude_below(self, path: str) -> bool: ...


class BuildContext:
    """A folder of the checkout as the builder gets it; itself a tree, `/` being that folder.

    `tree` is the checkout, `root` the context's folder in it (absolute, cleaned). Entries name their checkout
    path as `source`. Without an `ignore` file nothing is left out (a subfolder seen as a tree of its own).
    Links are judged by their own path and stay links. Raises ParityError for a rule that fails the build at
    an entry of the root, and later for one that fails it at the path that is asked for.
    `matcher` judges instead of the rules of `ignore`.
    """

    def __init__(
        self, tree: FileTree, root: str, ignore: IgnoreFile | None = None, *, matcher: Judge | None = None
    ) -> None:
        self.tree = tree
        self.root = root
        self.ignore = ignore or NOTHING_IGNORED
        self._keeps_all = matcher is None and not self.ignore.rules
        self._matcher: Judge = matcher or Matcher(self.ignore.rules, self.ignore.path)
        self._saved: dict[str, bool | Unknown] = {}
        names = tree.names(root) if self._matcher.may_fail else frozenset()
        if not isinstance(names, Unknown):
            for name in sorted(names):
                self._matcher.verdict(name)

    def lookup(self, path: str) -> Answer:
        """What is at `path` (absolute in the context) for the builder; ABSENT if it is ignored."""
        place = self.checkout_path(path)
        answer = self.tree.lookup(place)
        if not isinstance(answer, Entry):
            return answer
        if path == "/":
            return answer if answer.kind is FileKind.DIRECTORY else ABSENT
        entry = answer if answer.source else replace(answer, source=place)
        if self._keeps_all:
            return entry
        if self._verdict(path).ignored:
            saved = self._holds_kept(path) if entry.kind is FileKind.DIRECTORY else False
            if isinstance(saved, Unknown):
                return saved
            return entry if saved else ABSENT
        if entry.kind is FileKind.FILE and self._arrives_empty(path):
            return replace(entry, content=b"")
        return entry

    def names(self, path: str) -> frozenset[str] | Unknown:
        """The names kept in the folder `path`, and those of which that cannot be told."""
        names = self.tree.names(self.checkout_path(path))
        if isinstance(names, Unknown) or self._keeps_all:
            return names
        return frozenset(name for name in names if not isinstance(self.lookup(child(path, name)), Absent))

    def read(self, path: str) -> bytes | Unknown:
        """The bytes of a kept file as the builder gets them."""
        answer = self.lookup(path)
        if isinstance(answer, Entry) and answer.kind is FileKind.FILE:
            return self.tree.read(self.checkout_path(path)) if answer.content is None else answer.content
        return answer if isinstance(answer, Unknown) else Unknown(f"{path} is not in the build context")

    def checkout_path(self, path: str) -> str:
        """The checkout path of a context path."""
        return path if self.root == "/" else join(self.root, path[1:])

    def other_root(self, path: str, dockerfile: str) -> str | None:
        """The nearest folder at or above the Dockerfile that has the context path, where this context lacks it."""
        for folder in ancestors(parent_of("/" + dockerfile)):
            if folder != self.root and isinstance(self.tree.lookup(join(folder, path[1:])), Entry):
                return folder
        return None

    def hidden_by(self, path: str) -> IgnoreRule | None:
        """The rule that keeps out what the checkout has at `path`; None if it is kept or not there."""
        if not isinstance(self.tree.lookup(self.checkout_path(path)), Entry) or not isinstance(
            self.lookup(path), Absent
        ):
            return None
        return self._verdict(path).rule

    def excluded(self) -> Iterator[tuple[str, IgnoreRule]]:
        """What the rules keep out, sorted: context paths, topmost only, each with the deciding rule."""
        waiting = ["/"]
        while waiting:
            path = waiting.pop()
            rule = self.hidden_by(path)
            if rule is not None:
                yield path, rule
                continue
            answer = self.lookup(path)
            if isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY:
                names = self.tree.names(self.checkout_path(path))
                if not isinstance(names, Unknown):
                    waiting.extend(join(path, name) for name in sorted(names, reverse=True))

    def _verdict(self, path: str) -> Verdict:
        return self._matcher.verdict(path[1:])

    def _arrives_empty(self, path: str) -> bool:
        # moby has two forms of matching, and BuildKit lists by the one and opens by the other.
        return self._matcher.opening_verdict(path[1:]).ignored

    def _holds_kept(self, folder: str) -> bool | Unknown:
        """Is anything below this ignored folder kept, so that the folder itself is sent after all?"""
        known = self._saved.get(folder)
        if known is not None:
            return known
        entered: list[str] = []
        waiting = [folder]
        found: bool | Unknown = False
        while waiting and found is not True:
            path = waiting.pop()
            if path in self._saved:
                found = self._saved[path] or found
                continue
            if not self._matcher.may_reinclude_below(path[1:]):
                continue
            entered.append(path)
            names = self.tree.names(self.checkout_path(path))
            if isinstance(names, Unknown):
                found = names
                continue
            for name in sorted(names):
                inner = child(path, name)
                if not self._verdict(inner).ignored:
                    found = True
                    break
                answer = self.tree.lookup(self.checkout_path(inner))
                if isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY:
                    waiting.append(inner)
        if found is False:
            self._saved.update(dict.fromkeys(entered, False))
        self._saved[folder] = found
        return found


def ignore_file_for(tree: FileTree, dockerfile: str, context_root: str) -> IgnoreFile:
    """The ignore file of a build: `NAME.dockerignore` beside the Dockerfile `NAME`, else `.dockerignore`.

    `dockerfile` and `context_root` are checkout paths; the second file lies at the root of the context.
    Nothing is merged, and what is no file counts as absent (BuildKit: dockerui). Raises ParityError for one that
    fails the build, or cannot be read here.
    """
    folder, _, name = dockerfile.rpartition("/")
    for root, candidate in ((folder or "/", f"{name}.dockerignore"), (context_root, ".dockerignore")):
        # Only this folder travels to the builder: its links end in it, an absolute one starts in it.
        sent = BuildContext(tree, root)
        found = follow(sent, "/" + candidate)
        if isinstance(found.answer, Entry) and found.answer.kind is FileKind.FILE:
            data = sent.read(found.path)
            if isinstance(data, Unknown):
                raise ParityError(data.reason)
            if is_pointer(data):
                raise ParityError(
                    "the ignore file is not fetched: it is a pointer of Git LFS",
                    Location(join(root, candidate)[1:], 1),
                    "fetch it (git lfs pull), or let git hold it itself",
                )
            return read_ignore_file(data, join(root, candidate)[1:])
    return NOTHING_IGNORED
