"""Which compose services build a folder's Dockerfiles?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from posixpath import normpath
from typing import TYPE_CHECKING

from parity.model.errors import ParityError

if TYPE_CHECKING:
    from parity.docker.compose import Service

FILE_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""The compose files that `docker compose` takes unasked, the first that is there (compose specification)."""
LARGEST = 1_000_000
"""Bytes of a compose file; a larger one is not read."""


def services_below(root: Path, dockerfiles: Iterable[str]) -> tuple[Service, ...]:
    """The services of the compose files in `root` and beside the Dockerfiles (names relative to `root`).

    `context` and `dockerfile` of each are checkout paths; services that build what is outside of `root` are left
    out, and so is a file that is no YAML: it is not what was asked about.
    """
    folders = dict.fromkeys(["", *(name.rpartition("/")[0] for name in dockerfiles)])
    return tuple(service for folder in folders for service in _services(root, folder))


def _services(root: Path, folder: str) -> Iterator[Service]:
    for name in FILE_NAMES:
        file = root / folder / name
        if not file.is_file():
            continue
        from parity.docker.compose import services_of  # it takes a while, and most folders have none

        try:
            if file.stat().st_size > LARGEST:
                return
            services = services_of(
                file.read_bytes().decode("utf8", "replace"), f"{folder}/{name}".lstrip("/")
            )
        except (OSError, ParityError):
            return
        for service in services:
            context = _inside(folder, service.context)
            dockerfile = _inside(context, service.dockerfile) if context is not None else None
            if context is not None and dockerfile is not None:
                yield replace(service, context="/" + context, dockerfile="/" + dockerfile)
        return  # compose takes the first that is there


def _inside(folder: str, path: str) -> str | None:
    """Relative to the root, "" for the root itself; None where it leads out of it."""
    if path.startswith(("/", "~")):
        return None
    joined = normpath(f"{folder or '.'}/{path}")
    if joined == ".." or joined.startswith("../"):
        return None
    return "" if joined == "." else joined
