"""Which file or folder of the checkout does a name stand for, that an option or the configuration gives?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path

from parity.model.errors import ParityError
from parity.model.location import Location
from parity.tree.reader import is_folder, is_link, is_there, real_path


def root_of(path: Path) -> tuple[Path, tuple[str, ...]]:
    """The folder that PATH means, and the Dockerfile that it names: then paths are relative to the current folder,
    or to its own where it lies elsewhere. Raises ParityError.
    """
    try:
        if is_folder(path):
            return real_path(path), ()
        if not is_there(path):
            raise ParityError(f"there is no folder and no Dockerfile {path}")
        here = real_path(Path.cwd())
        whole = real_path(path.parent) / path.name
    except OSError as error:  # the current folder was deleted
        raise ParityError(f"PATH cannot be read: {error.strerror}") from None
    if whole.is_relative_to(here):
        return here, (whole.relative_to(here).as_posix(),)
    return whole.parent, (whole.name,)


def dockerfile_below(
    root: Path, name: str, near_by: Callable[[], Iterable[str]], configured: Location | None = None
) -> str:
    """The Dockerfile, relative to `root`. Raises ParityError where there is none.

    `near_by`: the Dockerfiles that may have been meant; `configured`: where the configuration names it, None for an
    option and for what was found.
    """
    place = _place(root, name)
    if is_folder(place):
        raise ParityError(
            f"the Dockerfile {name} is a folder", configured, f"did you mean {name.rstrip('/')}/Dockerfile?"
        )
    if not is_there(place):
        if is_link(root / name):
            raise ParityError(
                f"the Dockerfile {name} is a link that leads nowhere", configured, "fix the link"
            )
        near = get_close_matches(name, [other for other in near_by() if other != name], 1, 0.4)
        hint = f"did you mean {near[0]}?" if near else ""
        raise ParityError(f"there is no Dockerfile {name}", configured, hint)
    return _below(root, place, f"the Dockerfile {name}", configured)


def folder_below(root: Path, name: str, configured: Location | None = None) -> str:
    """The folder as a checkout path. Raises ParityError where there is none."""
    place = _place(root, name)
    if not is_folder(place):
        above = "the configuration's folder" if configured else "PATH"
        raise ParityError(f"there is no folder {name}", configured, f"folders are relative to {above}")
    relative = _below(root, place, f"the build context {name}", configured)
    return "/" if relative == "." else "/" + relative


def _place(root: Path, name: str) -> Path:
    try:
        return real_path(root / name)
    except (OSError, ValueError):  # a link that leads to itself, a name that no file can have
        return root / name


def _below(root: Path, place: Path, what: str, configured: Location | None) -> str:
    if place.is_relative_to(root):
        return place.relative_to(root).as_posix()
    both = os.path.relpath(os.path.commonpath((root, place)))
    hint = (
        "the configuration's folder must hold Dockerfile and build context: keep it in the folder of both"
        if configured
        else f"PATH must hold Dockerfile and build context: give {both} as PATH, and -f and --context relative to it"
    )
    raise ParityError(f"{what} is outside of PATH", configured, hint)
