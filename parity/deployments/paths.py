"""Paths that deployment files name, as checkout paths."""

from __future__ import annotations

from posixpath import normpath

from parity.model.location import Unknown
from parity.tree.base import Entry, FileKind, FileTree
from parity.tree.links import follow

LARGEST = 1_000_000
"""Bytes of a file that is read."""


def inside(folder: str, path: str) -> str | None:
    """`path` seen from the checkout folder `folder`; None where it leads out of the checkout."""
    if path.startswith(("/", "~")) or "://" in path or "\0" in path:
        return None
    joined = normpath(f"{folder.strip('/') or '.'}/{path}")
    if joined == ".." or joined.startswith("../"):
        return None
    return "/" if joined == "." else f"/{joined}"


def folder_of(path: str) -> str:
    """`/a/b.yml` -> `/a`."""
    return path.rpartition("/")[0] or "/"


def read_text(tree: FileTree, path: str) -> str | None:
    """The text of a file of the checkout, None where there is none that could be read."""
    found = follow(tree, path)
    if not isinstance(found.answer, Entry) or found.answer.kind is not FileKind.FILE:
        return None
    data = tree.read(found.path)
    if isinstance(data, Unknown) or len(data) > LARGEST:
        return None
    return data.decode("utf8", "replace")


def is_file(tree: FileTree, path: str) -> bool:
    answer = follow(tree, path).answer
    return isinstance(answer, Entry) and answer.kind is FileKind.FILE
