"""What becomes of the files if a command may run, or may not?"""

from __future__ import annotations

from msgspec.structs import replace

from parity.model.location import May, Unknown
from parity.model.packages import HARDLY_ANYTHING
from parity.tree.base import Answer, Entry, FileKind, FileTree
from parity.tree.writable import Content, WritableTree


class UncertainTree:
    """A `WritableTree` in front of another: what would be changed cannot be told from then on."""

    def __init__(self, files: WritableTree, why: Unknown) -> None:
        self.files = files
        self.all = why
        self.why = replace(why, installed=HARDLY_ANYTHING)

    def lookup(self, path: str) -> Answer:
        return self.files.lookup(path)

    def names(self, path: str) -> frozenset[str] | Unknown:
        return self.files.names(path)

    def read(self, path: str) -> bytes | Unknown:
        return self.files.read(path)

    def snapshot(self) -> FileTree:
        return self.files.snapshot()

    def make_directory(self, path: str, mode: int | None = None) -> None:  # noqa: ARG002
        self._may_be(path)

    def write(self, path: str, content: Content, mode: int | None = None) -> None:  # noqa: ARG002
        here = self.files.lookup(path)
        if isinstance(here, Entry) and here.kind is FileKind.FILE:
            if not isinstance(content, bytes) or self.files.read(path) != content:
                self.files.write(path, self.why)
        else:
            self._may_be(path)

    def link(self, path: str, target: str) -> None:  # noqa: ARG002
        self.files.obscure(path, self.why, removes=True)

    def remove(self, path: str) -> None:
        self.files.obscure(path, replace(self.why, may=May.REMOVES), removes=True)

    def rename(self, old: str, new: str) -> None:
        self.remove(old)
        self.files.obscure(new, self.all)

    def copy(self, old: str, new: str, *, without: frozenset[str] = frozenset()) -> None:  # noqa: ARG002
        self.copy_from(self.files, old, new)

    def copy_from(self, other: FileTree, old: str, new: str) -> None:
        here = other.lookup(old)
        if isinstance(here, Entry) and here.kind is FileKind.FILE:
            self.write(new, self.why)
        else:
            self.files.obscure(new, self.all)

    def change_mode(self, path: str, mode: int | None, owner: str | None, *, recursive: bool) -> None:
        """Permissions that may have been set are taken to be so: the common `|| true` form."""
        self.files.change_mode(path, mode, owner, recursive=recursive)

    def obscure(
        self, folder: str, unknown: Unknown, *, suffixes: tuple[str, ...] = (), removes: bool = False
    ) -> None:
        if unknown.installed is None and unknown.may in (May.DISTRIBUTIONS, May.SOURCES):
            # Packages that somebody may ask for by a variable: the start-up cannot count on them.
            unknown = replace(unknown, installed=HARDLY_ANYTHING)
        self.files.obscure(folder, unknown, suffixes=suffixes, removes=removes)

    def _may_be(self, path: str) -> None:
        self.files.obscure(path, self.why)
