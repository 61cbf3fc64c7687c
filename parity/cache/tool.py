"""Which tool gave an answer? Its version and source, the Python that runs it, and the packages beside it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from parity import __version__
from parity.cache.store import Store
from parity.tree.notes import digest_of

_PACKAGE = Path(__file__).parents[1]


def tool_digest(store: Store) -> str:
    """The digest of all that has a say in an answer besides the files that are asked.

    The source is read once for each state of its files: the store knows what came of it.
    """
    files = sorted(_files(str(_PACKAGE)))
    seen = digest_of(repr(files).encode("utf8", "surrogateescape"))
    known = store.get(f"tool-{seen}")
    if known is None:
        known = _source_digest([place for place, *_ in files]).encode()
        store.put(f"tool-{seen}", known)
    user = os.geteuid() if hasattr(os, "geteuid") else 0
    parts = (__version__, digest_of(known), sys.version, _packages(), str(user), os.environ.get("HOME", ""))
    return digest_of("\0".join(parts).encode("utf8", "surrogateescape"))


def _files(folder: str) -> Iterator[tuple[str, int, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__":
                    yield from _files(entry.path)
            else:
                status = entry.stat()
                yield entry.path, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _source_digest(places: list[str]) -> str:
    parts = []
    for place in places:
        data = Path(place).read_bytes()
        parts.append(f"{os.path.relpath(place, _PACKAGE)}\0{digest_of(data)}")
    return digest_of("\0".join(parts).encode("utf8", "surrogateescape"))


def _packages() -> str:
    """The names and versions of what is installed beside what this tool needs."""
    place = Path(msgspec.__file__).parents[1]
    try:
        return "\0".join(sorted(name for name in os.listdir(place) if name.endswith(".dist-info")))  # noqa: PTH208
    except OSError:
        return ""
