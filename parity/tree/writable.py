"""What a build step can do to the files of an image. The image model implements it; commands use it."""

from __future__ import annotations

from typing import Protocol

from parity.model.location import Unknown
from parity.tree.base import Compiled, Entry, FileKind, FileTree, Packed

Content = bytes | Compiled | Packed | Unknown
"""What is written to a file: its bytes, bytecode, a zip file, or why its bytes cannot be told."""


def written(content: Content, *, source: str | None, mode: int, owner: str) -> Entry:
    """A file with this content."""
    return Entry(
        FileKind.FILE,
        source=source,
        content=content if isinstance(content, bytes) else None,
        altered=content if isinstance(content, Unknown) else None,
        compiled=content if isinstance(content, Compiled) else None,
        packed=content if isinstance(content, Packed) else None,
        mode=mode,
        owner=owner,
    )


class WritableTree(FileTree, Protocol):
    """The files of a stage while a RUN step changes them. All paths are image paths, absolute and cleaned.

    Links are not followed here: resolve a path with `tree.links.follow` first where the program would.
    Missing parent folders are made by `write`, `link`, `copy` and `rename` (the caller has checked them).
    """

    def snapshot(self) -> FileTree:
        """The files as they are now; later changes do not touch it."""
        ...

    def make_directory(self, path: str, mode: int | None = None) -> None:
        """An empty folder, with its parents (`mkdir -p`)."""
        ...

    def write(self, path: str, content: Content, mode: int | None = None) -> None:
        """A file with this content (Unknown: it is there, its bytes cannot be told)."""
        ...

    def link(self, path: str, target: str) -> None:
        """A symbolic link, `target` as written."""
        ...

    def remove(self, path: str) -> None:
        """The file, link, or folder with all below it."""
        ...

    def rename(self, old: str, new: str) -> None:
        """`old` (file or folder) is called `new` from now on."""
        ...

    def copy(self, old: str, new: str, *, without: frozenset[str] = frozenset()) -> None:
        """`new` becomes a copy of `old`; of a folder, its contents merge into `new`. Links stay links.

        `without`: paths below `old`, relative to it, that are left out with all below them.
        """
        ...

    def copy_from(self, other: FileTree, old: str, new: str) -> None:
        """The same, from another set of files (a bind mount, another stage)."""
        ...

    def change_mode(self, path: str, mode: int | None, owner: str | None, *, recursive: bool) -> None:
        """Permission bits or owner are set; None leaves that one as it is."""
        ...

    def obscure(
        self, folder: str, unknown: Unknown, *, suffixes: tuple[str, ...] = (), removes: bool = False
    ) -> None:
        """An opaque command may have written anything at or below `folder`.

        What was there is taken to be there still (unless `removes`); what was absent is Unknown from now on.
        `suffixes`: only names that end in one of these (`("_pb2.py",)`).
        """
        ...
