"""Paths that deployment files name, as checkout paths."""

from __future__ import annotations

from posixpath import normpath

from parity.model.location import Unknown
from parity.tree.base import ABSENT, Absent, Entry, FileKind, FileTree, parent_of
from parity.tree.links import follow

LARGEST = 200 << 10
"""Bytes of a file that is read: YAML is read slowly, and a larger one nobody wrote by hand."""


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
    return parent_of(path)


def read(tree: FileTree, path: str) -> str | Absent | Unknown:
    """The text of a file of the checkout; Unknown, with its name, where it cannot be read."""
    found = follow(tree, path)
    if isinstance(found.answer, Unknown):
        return found.answer
    if not isinstance(found.answer, Entry) or found.answer.kind is not FileKind.FILE:
        return ABSENT
    data = tree.read(found.path)
    return data if isinstance(data, Unknown) else data.decode("utf8", "replace")


def read_text(tree: FileTree, path: str) -> str | None:
    """The text of a file of the checkout, None where there is none that could be read."""
    text = read(tree, path)
    return text if isinstance(text, str) else None
