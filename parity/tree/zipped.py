"""Zip files as folders: what imports find in an entry of the search path that is one.

CPython: Lib/zipimport.py. What a file is, is judged by its content, not by its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from parity.model.location import Unknown
from parity.tree.base import ABSENT, Answer, Entry, FileKind, FileTree, Packed, ancestors, below, join
from parity.tree.links import follow

MAIN = "__main__.py"
NOT_IMPORTED = ".so"
"""No extension module is loaded from a zip file."""
END = b"PK\x05\x06"
LONGEST_END = 22 + 0xFFFF
"""Bytes of the record at the end of a zip file, its comment included."""


def archives(tree: FileTree, paths: Iterable[str]) -> dict[str, Packed | Unknown]:
    """Those of the paths that name a zip file, links followed; Unknown: a file that may be one."""
    found = (
        (path, follow(tree, path).path, archive_at(tree, path)) for path in paths if path.startswith("/")
    )
    return {real: archive for _, real, archive in found if archive is not None}


def archive_at(tree: FileTree, path: str) -> Packed | Unknown | None:
    """The zip file at this path; None where there is no file, or another one."""
    there = follow(tree, path)
    if not isinstance(there.answer, Entry) or there.answer.kind is not FileKind.FILE:
        return None
    if there.answer.packed is not None:
        return there.answer.packed
    content = tree.read(there.path)
    if isinstance(content, Unknown):
        return content
    if END not in content[-LONGEST_END:]:
        return None
    from parity.tree.zip_file import unzip  # most images have none

    return unzip(content, path)


class ZippedTree:
    """`tree`, where each of the `archives` (by path, links followed) is the folder of its members."""

    def __init__(self, tree: FileTree, opened: Mapping[str, Packed | Unknown]) -> None:
        self.tree = tree
        self.opened = dict(opened)

    def lookup(self, path: str) -> Answer:
        found = self._inside(path)
        if found is None:
            return self.tree.lookup(path)
        archive, inside = found
        if not inside:
            return Entry(FileKind.DIRECTORY)
        if isinstance(archive, Unknown):
            return archive
        if archive.main is not None and inside == MAIN:
            return Entry(FileKind.FILE, content=archive.main)
        return ABSENT if inside.endswith(NOT_IMPORTED) else archive.files.lookup(join(archive.folder, inside))

    def names(self, path: str) -> frozenset[str] | Unknown:
        found = self._inside(path)
        if found is None:
            return self.tree.names(path)
        archive, inside = found
        if isinstance(archive, Unknown):
            return archive
        names = archive.files.names(join(archive.folder, inside))
        if isinstance(names, Unknown):
            return names
        names = frozenset(name for name in names if not name.endswith(NOT_IMPORTED))
        return names if archive.main is None or inside else names | {MAIN}

    def read(self, path: str) -> bytes | Unknown:
        found = self._inside(path)
        if found is None:
            return self.tree.read(path)
        archive, inside = found
        if isinstance(archive, Unknown):
            return archive
        if archive.main is not None and inside == MAIN:
            return archive.main
        return archive.files.read(join(archive.folder, inside))

    def _inside(self, path: str) -> tuple[Packed | Unknown, str] | None:
        """The archive that the path leads into, and the rest of the way."""
        for above in ancestors(path):
            archive = self.opened.get(above)
            if archive is not None:
                return archive, below(path, above)
        return None
