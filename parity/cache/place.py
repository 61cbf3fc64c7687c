"""Where are answers kept? In the user's own folder, not in what is checked: its author might write answers there."""

from __future__ import annotations

import os
from pathlib import Path

from parity.model.errors import ParityError
from parity.tree.reader import repository_of


def cache_folder(named: Path | None, checked: Path) -> Path | None:
    """The folder that the user names, wherever it is; else the usual one of the system, if it lies outside.

    None where there is none. Raises ParityError for a name that means nothing.
    """
    if named is not None:
        if not named.name:
            raise ParityError(
                f"--cache-dir {str(named)!r} is no folder for a cache", hint="name one of its own"
            )
        return named.absolute()
    import platformdirs

    try:
        folder = platformdirs.user_cache_path("parity", appauthor=False)
        real = Path(os.path.realpath(folder))
        top = repository_of(Path(os.path.realpath(checked)))
    except (OSError, RuntimeError, ValueError):  # no home, no current folder
        return None
    return None if not folder.is_absolute() or real.is_relative_to(top) else folder
