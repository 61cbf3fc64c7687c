"""Which compose services build a folder's Dockerfiles?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from posixpath import normpath
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from parity.config.dockerfiles import is_searched
from parity.model.errors import ParityError
from parity.model.location import Location, Unknown
from parity.model.report import Note
from parity.tree.base import Absent
from parity.tree.reader import read_file, repository_of

if TYPE_CHECKING:
    from parity.deployments.compose import Service

FILE_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""The compose files that `docker compose` takes unasked, the first that is there (compose specification)."""
COMPOSE = re.compile(r"(?:docker-)?compose(?:[.\-_][\w.-]+)?\.ya?ml$")
MOST_FOLDERS = 1000
"""Entries of a folder that are looked at."""
LARGEST = 200 << 10
"""Bytes of a compose file; YAML is read slowly, and a larger one nobody wrote by hand."""


class Services(Struct, frozen=True):
    """`notes`: the compose files that cannot be read, and why."""

    services: tuple[Service, ...]
    notes: tuple[Note, ...]


def services_below(root: Path, dockerfiles: Iterable[str]) -> Services:
    """The services that build these Dockerfiles (names relative to `root`).

    They are those of the files that `docker compose` takes unasked, in `root`, in its folders and above the
    Dockerfiles; of a Dockerfile that none of them builds, those of the other compose files there
    (docker-compose.prod.yml). `context` and `dockerfile` of each are checkout paths; services that build what is
    outside of `root` are left out. A file that cannot be read, or is no YAML, is said: it is not what was asked about.
    """
    folders = list(dict.fromkeys(folder for name in ("", *dockerfiles) for folder in _above(name)))
    names = {folder: _compose_files(root, folder) for folder in (*folders, *_folders_of(root))}
    reader = _Reader(root)
    usual = [one for folder, found in names.items() for one in reader.services(folder, found[:1], True)]
    built = {service.dockerfile for service in usual}
    others = [one for folder, found in names.items() for one in reader.services(folder, found[1:], False)]
    services = (*usual, *(service for service in others if service.dockerfile not in built))
    return Services(services, tuple(reader.notes))


def _above(name: str) -> Iterator[str]:
    """`a/b/Dockerfile` -> "a/b", "a", ""."""
    while name:
        name = name.rpartition("/")[0]
        yield name
    yield ""


def _folders_of(root: Path) -> list[str]:
    try:
        with os.scandir(root) as entries:
            return sorted(
                entry.name
                for entry in islice(entries, MOST_FOLDERS)
                if entry.is_dir(follow_symlinks=False) and is_searched(entry.name)
            )
    except OSError:
        return []


def _compose_files(root: Path, folder: str) -> list[str]:
    """The file that compose takes unasked ("" for none), then the others."""
    try:
        with os.scandir(root / folder) as entries:
            found = sorted(entry.name for entry in islice(entries, MOST_FOLDERS) if COMPOSE.match(entry.name))
    except OSError:
        found = []
    taken = next((name for name in FILE_NAMES if name in found), "")
    return [taken, *(name for name in found if name not in FILE_NAMES)]


class _Reader:
    """Reads compose files, and notes which it could not."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.repository = repository_of(root)
        self.notes: list[Note] = []

    def services(self, folder: str, names: Iterable[str], usual: bool) -> Iterator[Service]:
        for name in filter(None, names):
            shown = f"{folder}/{name}".lstrip("/")
            try:
                services = self.services_of(shown)
            except ParityError as error:
                self.notes.append(
                    Note(f"{shown}: {error.message}; its services are not known", error.location)
                )
                continue
            for service in services:
                context = _inside(folder, service.context)
                dockerfile = _inside(context, service.dockerfile) if context is not None else None
                if context is not None and dockerfile is not None:
                    yield replace(service, context="/" + context, dockerfile="/" + dockerfile, usual=usual)

    def services_of(self, shown: str) -> tuple[Service, ...]:
        """Raises ParityError for what cannot be read."""
        data = read_file(self.root / shown, shown, largest=LARGEST, within=self.repository)
        if isinstance(data, Absent):
            return ()
        if isinstance(data, Unknown):
            raise ParityError(data.reason.removeprefix(f"{shown} "), Location(shown))
        from parity.deployments.compose import services_of  # it takes a while, and most folders have none

        return services_of(data.decode("utf8", "replace"), shown)


def _inside(folder: str, path: str) -> str | None:
    """Relative to the root, "" for the root itself; None where it leads out of it."""
    if path.startswith(("/", "~")):
        return None
    joined = normpath(f"{folder or '.'}/{path}")
    if joined == ".." or joined.startswith("../"):
        return None
    return "" if joined == "." else joined
