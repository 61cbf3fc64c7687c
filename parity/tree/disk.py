"""The checkout on disk, exact in case."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from parity.model.location import Unknown
from parity.tree.base import ABSENT, Absent, Answer, Entry, FileKind, clean
from parity.tree.reader import LARGEST_FILE, read_file, status_of


class DiskTree:
    """The files below a folder of this machine, read as they are asked for.

    Whether a name exists is asked of the folder's listing, never of the path: some disks ignore case.
    A link out of the folder is a link like any other and simply leads nowhere.
    """

    def __init__(self, root: Path, largest: int = LARGEST_FILE) -> None:
        """`largest`: bytes; a larger file is not read."""
        self.root = root
        self.largest = largest
        self._folders: dict[str, Mapping[str, os.DirEntry[str]] | Unknown] = {}
        self._answers: dict[str, Answer] = {}

    def lookup(self, path: str) -> Answer:
        known = self._answers.get(path)
        if known is None:
            known = self._answers[path] = self._look(path)
        return known

    def names(self, path: str) -> frozenset[str] | Unknown:
        listing = self._folder(path)
        return listing if isinstance(listing, Unknown) else frozenset(listing)

    def read(self, path: str) -> bytes | Unknown:
        data = read_file(self.root / path[1:], path[1:], largest=self.largest, within=self.root)
        if isinstance(data, Absent):
            return Unknown(f"{path[1:]} cannot be read: No such file or directory")
        return data

    def size(self, path: str) -> int | None:
        """Bytes of the file, None where it cannot be told."""
        status = status_of(self.root / path[1:])
        return None if status is None else status.st_size

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
        # Docker sends 0755 for everything where a disk has no such bits.
        mode = stat.S_IMODE(status.st_mode) if os.name == "posix" else 0o755
        return Entry(kind, source=path, mode=mode)

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
