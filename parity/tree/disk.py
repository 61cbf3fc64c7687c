"""The checkout on disk, exact in case."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path

from parity.model.location import Unknown
from parity.tree.base import ABSENT, Absent, Answer, Entry, FileKind, clean
from parity.tree.notes import digest_of, is_noted, note_content, note_entry, note_kinds, note_names, place_of
from parity.tree.reader import LARGEST_FILE, read_file, size_of

MOST_REMEMBERED = 64 << 20
"""Bytes of files that are read once, however many images ask for them."""


class DiskTree:
    """The files below a folder of this machine, read as they are asked for.

    Whether a name exists is asked of the folder's listing, never of the path: some disks ignore case.
    A link out of the folder is a link like any other and simply leads nowhere.
    """

    def __init__(self, root: Path, largest: int = LARGEST_FILE) -> None:
        """`largest`: bytes; a larger file is not read."""
        self.root = root
        self.largest = largest
        self.place = "" if str(root) == "/" else str(root)
        self._began = time.time_ns()
        self._folders: dict[str, Mapping[str, os.DirEntry[str]] | Unknown] = {}
        self._answers: dict[str, Answer] = {}
        self._contents: dict[str, bytes] = {}
        self._digests: dict[str, str] = {}
        self._left = MOST_REMEMBERED

    def lookup(self, path: str) -> Answer:
        known = self._answers.get(path)
        if known is None:
            self._list_above(path)
            known = self._answers[path] = self._look(path)
        if path != "/":
            note_entry(self, path, known, self._began)
        return known

    def names(self, path: str) -> frozenset[str] | Unknown:
        self.lookup(path)
        listing = self._folder(path)
        names = listing if isinstance(listing, Unknown) else frozenset(listing)
        note_names(self, path, names)
        return names

    def kinds(self, path: str) -> Mapping[str, FileKind] | Unknown:
        """The names in the folder, and what kind of thing each is: no file is looked at for that."""
        self.lookup(path)
        listing = self._folder(path)
        if isinstance(listing, Unknown):
            note_names(self, path, listing)
            return listing
        kinds = {name: kind_of(entry) for name, entry in listing.items()}
        note_kinds(self, path, kinds)
        return kinds

    def read(self, path: str) -> bytes | Unknown:
        known = self._contents.get(path)
        if known is not None:
            if is_noted():
                if path not in self._digests:
                    self._digests[path] = digest_of(known)
                note_content(place_of(self, path), self._digests[path], self._began)
            return known
        data = read_file(self.root / path[1:], path[1:], largest=self.largest, within=self.root)
        if isinstance(data, Absent):
            return Unknown(f"{path[1:]} cannot be read: No such file or directory")
        answer = self._answers.get(path)  # where a link leads is to be told each time
        is_file = isinstance(answer, Entry) and answer.kind is FileKind.FILE
        if isinstance(data, bytes) and is_file and len(data) <= self._left:
            self._left -= len(data)
            self._contents[path] = data
        return data

    def size(self, path: str) -> int | None:
        """Bytes of the file, None where it cannot be told."""
        return size_of(self.root / path[1:])

    def _list_above(self, path: str) -> None:
        """The folders that lead there, from the top: a path of a thousand folders needs no thousand frames."""
        unlisted = []
        above = path.rpartition("/")[0]
        while above and above not in self._folders:
            unlisted.append(above)
            above = above.rpartition("/")[0]
        for folder in reversed(unlisted):
            self._folder(folder)

    def _look(self, path: str) -> Answer:
        if path == "/":
            return Entry(FileKind.DIRECTORY, source="/")
        parent, _, name = path.rpartition("/")
        listing = self._folder(parent or "/")
        if isinstance(listing, Unknown):
            return listing
        found = listing.get(name)
        if found is None:
            return ABSENT
        try:
            status = found.stat(follow_symlinks=False)
            if stat.S_ISLNK(status.st_mode):
                return Entry(FileKind.SYMLINK, target=os.fspath(Path(found.path).readlink()), source=path)
        except FileNotFoundError:  # it is gone by now
            return ABSENT
        except OSError as error:
            return Unknown(f"{path[1:]} cannot be looked at: {error.strerror}")
        kind = FileKind.DIRECTORY if stat.S_ISDIR(status.st_mode) else FileKind.FILE
        return Entry(kind, source=path, mode=mode_of(status))

    def _folder(self, path: str) -> Mapping[str, os.DirEntry[str]] | Unknown:
        """Empty for what is no folder; Unknown for one that may not be read."""
        if path in self._folders:
            return self._folders[path]
        # Every ancestor must be a real folder, spelt exactly so: the disk may ignore case or follow a link.
        answer = self.lookup(path)
        listing: Mapping[str, os.DirEntry[str]] | Unknown = {}
        if isinstance(answer, Unknown):
            listing = answer
        elif isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY:
            try:
                with os.scandir(os.path.join(self.root, clean(path)[1:])) as entries:  # noqa: PTH118
                    listing = {entry.name: entry for entry in entries}
            except (FileNotFoundError, NotADirectoryError):
                pass  # it is gone by now
            except OSError as error:
                listing = Unknown(f"{path[1:] or '.'} cannot be listed: {error.strerror}")
        self._folders[path] = listing
        return listing


def mode_of(status: os.stat_result) -> int:
    """Docker sends 0755 for everything where a disk has no such bits."""
    return stat.S_IMODE(status.st_mode) if os.name == "posix" else 0o755


def kind_of(entry: os.DirEntry[str]) -> FileKind:
    """Of a directory entry itself, not of what a link leads to."""
    try:
        if entry.is_symlink():
            return FileKind.SYMLINK
        return FileKind.DIRECTORY if entry.is_dir(follow_symlinks=False) else FileKind.FILE
    except OSError:  # it is gone by now, on a disk that does not tell kinds with the names
        return FileKind.FILE
