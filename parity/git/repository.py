"""Where is the repository of a folder, and what does it say of the folder? (gitrepository-layout(5), git-config(1))"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from parity.git.ignore import OuterFile
from parity.git.index import SHA1, Index, NotReadError
from parity.model.location import Unknown
from parity.patterns.git_ignore import read_lines
from parity.tree.base import Absent
from parity.tree.reader import LARGEST_SETTINGS, is_file, is_folder, read_file

LARGEST_INDEX = 256 << 20
"""Bytes: two million files."""
_SHA256 = 32
_SECTION = re.compile(r'\s*\[\s*([\w.-]+)\s*(?:"((?:[^"\\]|\\.)*)")?\s*\]\s*')
_KEY = re.compile(r"\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*(.*))?")


class Repository:
    """`top`: the top of the work tree; `folder`: its `.git`, or the folder that a file of that name leads to."""

    def __init__(self, top: Path, folder: Path) -> None:
        self.top = top
        self.folder = folder
        common = _text(folder / "commondir").strip()
        self.common = folder / common if common else folder  # of a linked work tree: that of the first one

    @cached_property
    def index(self) -> Index | None:
        """None where nothing is tracked yet, or the index cannot be read."""
        wide = self._settings.get("extensions.objectformat", "").lower() == "sha256"
        try:
            return Index(self._index("index"), self._index, _SHA256 if wide else SHA1)
        except NotReadError:
            return None

    def outer_files(self, place: Path) -> tuple[OuterFile, ...]:
        """The files of patterns that speak of what is in the folder `place`, besides those in it, the strongest first.

        The user's own settings are not asked: what they say is true on this machine alone.
        """
        found = []
        prefix, up = "", ""
        for folder in (place, *place.parents):
            if folder != place:
                up += "../"
                found.append(_outer(folder / ".gitignore", f"{up}.gitignore", prefix))
            if folder == self.top:
                break
            prefix = f"{folder.name}/{prefix}"
        found.append(_outer(self.common / "info/exclude", f"{up}.git/info/exclude", prefix))
        if named := self._settings.get("core.excludesfile"):
            found.append(_outer(self.top / _expanded(named), named, prefix))
        return tuple(one for one in found if one.lines)

    def submodule(self, name: bytes) -> Repository | None:
        """The repository of the submodule in this folder of the work tree, where it is checked out."""
        return _at(self.top / name.decode("utf8", "surrogateescape"))

    def _index(self, name: str) -> bytes:
        for folder in (self.folder, self.common):
            data = read_file(folder / name, f".git/{name}", largest=LARGEST_INDEX)
            if isinstance(data, bytes):
                return data
        raise NotReadError(name)

    @cached_property
    def _settings(self) -> Mapping[str, str]:
        found = _settings(_text(self.common / "config"))
        if found.get("extensions.worktreeconfig", "").lower() in ("true", "yes", "on", "1"):
            found |= _settings(_text(self.folder / "config.worktree"))
        return found


def repository_of(place: Path) -> Repository | None:
    """The repository whose work tree the folder `place` (resolved) is in."""
    found = (_at(folder) for folder in (place, *place.parents))
    return next((one for one in found if one is not None), None)


def _at(folder: Path) -> Repository | None:
    place = folder / ".git"
    if is_file(place):
        said = _text(place)
        if not said.startswith("gitdir:"):
            return None
        place = folder / said.removeprefix("gitdir:").strip()
    return Repository(folder, place) if is_folder(place) and is_file(place / "HEAD") else None


def _expanded(name: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError:  # there is no such user
        return Path(name)


def _outer(path: Path, shown: str, prefix: str) -> OuterFile:
    data = read_file(path, shown, largest=LARGEST_SETTINGS)
    return OuterFile(shown, prefix, read_lines(data) if isinstance(data, bytes) else ())


def _text(path: Path) -> str:
    data = read_file(path, path.name, largest=LARGEST_SETTINGS)
    return "" if isinstance(data, Absent | Unknown) else data.decode("utf8", "surrogateescape")


def _settings(text: str) -> dict[str, str]:
    """`section.key`, in small letters, and what is said last; sections with a name of their own are of no use here."""
    found: dict[str, str] = {}
    section = ""
    for line in text.split("\n"):
        head = _SECTION.match(line)
        if head:
            section = "" if head[2] is not None else head[1].lower()
            line = line[head.end() :]
        key = _KEY.fullmatch(line.rstrip())
        if key and section:
            found[f"{section}.{key[1].lower()}"] = _value(key[2])
    return found


def _value(written: str | None) -> str:
    if written is None:
        return "true"
    quoted = re.match(r'"((?:[^"\\]|\\.)*)"', written)
    return quoted[1].replace("\\\\", "\\") if quoted else re.split(r"\s*[#;]", written)[0].strip()
