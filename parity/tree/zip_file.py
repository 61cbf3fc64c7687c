"""Which modules does a zip file hold?

CPython: zipimport reads members that are stored or deflated; a folder without a member of its own is one only to
some versions (3.12.5, 3.13).
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from parity.model.location import Unknown
from parity.tree.base import Answer, Entry, FileKind, Packed, ancestors, clean
from parity.tree.memory import MemoryTree

LARGEST = 64 * 1024 * 1024
"""Bytes of modules, unpacked; of a larger archive the contents are Unknown."""
MOST_MEMBERS = 50_000
MOST_NAMED = 50_000_000
"""Characters in the names of members and of the folders above them."""
MEMBER = b"PK\x01\x02"
MODULES = (".py", ".pyc")
PACKAGE = ("__init__.py", "__init__.pyc")
READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
MALFORMED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What `zipfile` raises on data that is no zip file, or is one of a kind that it does not know."""


def unzip(data: bytes, path: str) -> Packed | Unknown | None:
    """The modules of the zip file `data`; None if it is none. `path` says in an Unknown which could not be read."""
    unknown = Unknown(f"the contents of the zip file {path} are not known")
    if data.count(MEMBER) > MOST_MEMBERS:
        return unknown
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive)
    except MALFORMED:
        return unknown
    return unknown if members is None else Packed(members)


def _members(archive: zipfile.ZipFile) -> _Members | None:
    """None: there is more in it than is read."""
    entries: dict[str, Entry] = {}
    room, names = LARGEST, MOST_NAMED
    for member in archive.infolist():
        path = clean(member.filename)
        if path == "/" or path[1:] != member.filename.rstrip("/"):
            continue  # no import asks for such a name
        names -= len(path) * path.count("/")
        if names < 0:
            return None
        if member.is_dir():
            entries[path] = Entry(FileKind.DIRECTORY)
            continue
        content = None
        if path.endswith(MODULES) and member.compress_type in READ:
            if member.file_size > room:
                return None
            content = archive.read(member)
            room -= len(content)
        entries[path] = Entry(FileKind.FILE, content=content)
    return _Members(entries)


class _Members:
    """A `FileTree`. A folder without a member of its own, and without `__init__`, is not one to every version."""

    def __init__(self, entries: dict[str, Entry]) -> None:
        self._tree = MemoryTree(entries)
        self._implied = {above for path in entries for above in ancestors(path)} - entries.keys() - {"/"}

    def lookup(self, path: str) -> Answer:
        if path in self._implied and not any(
            isinstance(self._tree.lookup(f"{path}/{p}"), Entry) for p in PACKAGE
        ):
            return Unknown(f"the zip file has no member for the folder {path[1:]}: not every Python sees one")
        return self._tree.lookup(path)

    def names(self, path: str) -> frozenset[str] | Unknown:
        return self._tree.names(path)

    def read(self, path: str) -> bytes | Unknown:
        content = self._tree.read(path)
        return Unknown(f"the member {path[1:]} cannot be read") if isinstance(content, Unknown) else content
