"""Which files a tar archive holds, as ADD unpacks it.

BuildKit: solver/llbsolver/file unpack: whether a file is an archive is judged by its content.
"""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
import zlib
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from parity.model.location import Location, Unknown
from parity.tree.base import Entry, FileKind, clean
from parity.tree.memory import MemoryTree

LARGEST = 64 * 1024 * 1024
"""Bytes, unpacked; of a larger archive the contents are Unknown."""
MOST_MEMBERS = 50_000
ZSTANDARD = b"\x28\xb5\x2f\xfd"
SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst")


class Archive(Struct, frozen=True):
    """The members by path. `implied`: the folders that have no entry of their own.

    `misplaced`: the first member that lies below a file, so that unpacking ends there ("": none does).
    """

    members: Mapping[str, Entry]
    implied: frozenset[str]
    misplaced: str = ""

    @property
    def tree(self) -> MemoryTree:
        return MemoryTree(self.members)

    @property
    def of_anybody(self) -> MemoryTree:
        """The members, whose owner cannot be told."""
        return MemoryTree({path: replace(entry, owner=None) for path, entry in self.members.items()})


def unpack(data: bytes | Unknown, path: str, location: Location) -> Archive | Unknown | None:
    """The members of the archive `data`; None if it is no archive.

    `path` and `location` (of the ADD) say in an Unknown which archive could not be read.
    """
    unknown = Unknown(f"the contents of the archive {path} are not known", location)
    if isinstance(data, Unknown):
        return unknown if path.endswith(SUFFIXES) else None
    if data.startswith(ZSTANDARD):
        return unknown
    plain = _decompress(data)
    if plain is None:
        return None
    if len(plain) > LARGEST:
        return unknown
    entries: dict[str, Entry] = {}
    implied: set[str] = set()
    try:
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
            for number, member in enumerate(archive):
                if number >= MOST_MEMBERS:
                    return unknown
                above = _folder_of(clean(member.name), entries, implied)
                if above is FileKind.FILE:
                    return Archive(entries, frozenset(implied), clean(member.name))
                if above is FileKind.SYMLINK:
                    return unknown
                _add(entries, archive, member)
                implied.discard(clean(member.name))
    except (tarfile.TarError, ValueError, EOFError, RecursionError):
        return unknown if entries else None
    return Archive(entries, frozenset(implied)) if entries else None


def _decompress(data: bytes) -> bytes | None:
    """At most LARGEST + 1 bytes of the plain archive; None if the compression is broken."""
    try:
        if data.startswith(b"\x1f\x8b"):
            return zlib.decompressobj(wbits=31).decompress(data, LARGEST + 1)
        if data.startswith(b"BZh"):
            return bz2.BZ2Decompressor().decompress(data, LARGEST + 1)
        if data.startswith(b"\xfd7zXZ\x00"):
            return lzma.LZMADecompressor(memlimit=1 << 28).decompress(data, LARGEST + 1)
    except (zlib.error, OSError, ValueError, EOFError, lzma.LZMAError):
        return None
    return data


def _folder_of(path: str, entries: dict[str, Entry], implied: set[str]) -> FileKind:
    """What a member is to be put into: a folder (made if there is nothing), or what is in its place.

    moby/go-archive: Unpack: a parent that is there is taken as it is.
    """
    missing = []
    parent = path.rpartition("/")[0]
    while parent and parent not in entries:
        missing.append(parent)
        parent = parent.rpartition("/")[0]
    if parent and entries[parent].kind is not FileKind.DIRECTORY:
        return entries[parent].kind
    implied.update(missing)
    entries.update((one, Entry(FileKind.DIRECTORY, mode=0o755, owner="0:0")) for one in missing)
    return FileKind.DIRECTORY


def _add(entries: dict[str, Entry], archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
    path = clean(member.name)
    if path == "/":
        return
    owner = f"{member.uid}:{member.gid}"
    if member.isdir():
        entries[path] = Entry(FileKind.DIRECTORY, mode=member.mode, owner=owner)
    elif member.issym():
        entries[path] = Entry(FileKind.SYMLINK, target=member.linkname, mode=0o777, owner=owner)
    elif member.islnk():
        if (linked := entries.get(clean(member.linkname))) is not None:
            entries[path] = linked
    elif member.isfile():
        opened = archive.extractfile(member)
        content = opened.read() if opened else b""
        entries[path] = Entry(FileKind.FILE, content=content, mode=member.mode, owner=owner)
