"""The files below a folder as they are now: their sizes and times, to tell whether any has changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

MOST_FILES = 200_000
SKIPPED = frozenset(
    ".git .hg .svn .tox .nox .mypy_cache .ruff_cache .pytest_cache .idea node_modules __pycache__".split()
)
"""Folders that programs write while nobody edits anything."""

Snapshot = Mapping[str, tuple[int, int]]


def snapshot(folder: Path) -> Snapshot:
    """Path -> time and size, of `MOST_FILES` at most. No link is followed; what cannot be looked at is not there."""
    found: dict[str, tuple[int, int]] = {}
    folders = [str(folder)]
    while folders and len(found) < MOST_FILES:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if entry.name not in SKIPPED:
                            folders.append(entry.path)
                        continue
                    status = entry.stat(follow_symlinks=False)
                    found[entry.path] = (status.st_mtime_ns, status.st_size)
        except OSError:  # it is gone, or may not be read
            continue
    return found
