"""Which compose services build a folder's Dockerfiles?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from posixpath import normpath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from parity.config.dockerfiles import is_searched
from parity.model.errors import ParityError

if TYPE_CHECKING:
    from parity.deployments.compose import Service

FILE_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""The compose files that `docker compose` takes unasked, the first that is there (compose specification)."""
COMPOSE = re.compile(r"(?:docker-)?compose(?:[.\-_][\w.-]+)?\.ya?ml$")
MOST_FOLDERS = 1000
"""Entries of a folder that are looked at."""
LARGEST = 1_000_000
"""Bytes of a compose file; a larger one is not read."""


def services_below(root: Path, dockerfiles: Iterable[str]) -> tuple[Service, ...]:
    """The services that build these Dockerfiles (names relative to `root`).

    They are those of the files that `docker compose` takes unasked, in `root`, in its folders and above the
    Dockerfiles; of a Dockerfile that none of them builds, those of the other compose files there
    (docker-compose.prod.yml). `context` and `dockerfile` of each are checkout paths; services that build what is
    outside of `root` are left out, and so is a file that is no YAML: it is not what was asked about.
    """
    folders = list(dict.fromkeys(folder for name in ("", *dockerfiles) for folder in _above(name)))
    names = {folder: _compose_files(root, folder) for folder in (*folders, *_folders_of(root))}
    usual = [one for folder, found in names.items() for one in _services(root, folder, found[:1], True)]
    built = {service.dockerfile for service in usual}
    others = [one for folder, found in names.items() for one in _services(root, folder, found[1:], False)]
    return (*usual, *(service for service in others if service.dockerfile not in built))


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


def _services(root: Path, folder: str, names: Iterable[str], usual: bool) -> Iterator[Service]:
    for name in names:
        file = root / folder / name
        if not name or not file.is_file():
            continue
        from parity.deployments.compose import services_of  # it takes a while, and most folders have none

        try:
            if file.stat().st_size > LARGEST:
                continue
            services = services_of(
                file.read_bytes().decode("utf8", "replace"), f"{folder}/{name}".lstrip("/")
            )
        except (OSError, ParityError):
            continue
        for service in services:
            context = _inside(folder, service.context)
            dockerfile = _inside(context, service.dockerfile) if context is not None else None
            if context is not None and dockerfile is not None:
                yield replace(service, context="/" + context, dockerfile="/" + dockerfile, usual=usual)


def _inside(folder: str, path: str) -> str | None:
    """Relative to the root, "" for the root itself; None where it leads out of it."""
    if path.startswith(("/", "~")):
        return None
    joined = normpath(f"{folder or '.'}/{path}")
    if joined == ".." or joined.startswith("../"):
        return None
    return "" if joined == "." else joined
