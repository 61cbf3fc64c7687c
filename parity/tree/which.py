"""Where does execvp look for a program, and where does it find it?"""

from __future__ import annotations

from collections.abc import Mapping

from parity.tree.base import Entry, FileKind, FileTree, join
from parity.tree.links import follow

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""What the engine sets where the image does not (moby: `system.DefaultPathEnvUnix`)."""
MOST_FOLDERS = 100
"""Folders of PATH that are looked at."""


def path_folders(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The entries of PATH as they are written."""
    return tuple(environment.get("PATH", DEFAULT_PATH).split(":")[:MOST_FOLDERS])


def places(program: str, environment: Mapping[str, str], working_directory: str | None) -> tuple[str, ...]:
    """The paths at which `program` is looked for, in order. glibc: an empty entry is the working directory.

    Where the working directory is not known, what is looked for below it is left out.
    """
    names = (
        (program,)
        if "/" in program
        else tuple(f"{folder or '.'}/{program}" for folder in path_folders(environment))
    )
    if working_directory is None:
        return tuple(join("/", name) for name in names if name.startswith("/"))
    return tuple(join(working_directory, name) for name in names)


def which(
    program: str, environment: Mapping[str, str], tree: FileTree, working_directory: str | None = None
) -> str | None:
    """The first place where a file is known to be (links not resolved); None: it is known to be at none."""
    for place in places(program, environment, working_directory):
        answer = follow(tree, place).answer
        if isinstance(answer, Entry) and answer.kind is FileKind.FILE:
            return place
    return None
