"""Which Dockerfiles are below a folder, and what is each one's build context?"""

from __future__ import annotations

import os
import re
from pathlib import Path

from msgspec import Struct

from parity.model.errors import ParityError
from parity.tree.reader import is_there, read_file

_DOCKERFILE = re.compile(r"(?i:dockerfile|containerfile)(?:[.\-_].+)?$|.+\.(?i:dockerfile)$")
_SKIPPED = frozenset(
    "node_modules venv env site-packages __pycache__ dist build target vendor .git .venv .tox .nox".split()
)
_NO_DOCKERFILE = tuple(
    ".dockerignore .md .rst .py .pyc .js .ts .go .rb .sh .json .yml .yaml .toml .html .patch .bak .swp .orig "
    ".j2 .jinja .jinja2 .tmpl .tpl .template .erb .mustache .in".split()
)
"""Notes, programs, data, and templates that Docker itself could not read."""
MOST_FOLDERS = 20_000
"""Folders that are looked at to find Dockerfiles: what more there is, nobody wrote by hand."""
_OF_A_PROJECT = (".dockerignore", "pyproject.toml", "setup.py", "requirements.txt", "Pipfile", "manage.py")


class Dockerfiles(Struct, frozen=True):
    """What is relative to the folder they were looked for in.

    `names`: the nearest first; `unlisted`: folders that may not be listed, and why; `unsearched`: the first folder
    that was left out, and all behind it, because there are too many.
    """

    names: tuple[str, ...]
    unlisted: tuple[tuple[str, str], ...] = ()
    unsearched: str | None = None


def find_dockerfiles(root: Path) -> Dockerfiles:
    """Level by level; `MOST_FOLDERS` folders are looked at.

    Folders of dependencies are not entered, nor templates of projects (`{{ name }}`, as cookiecutter has them).
    Raises ParityError where `root` itself may not be listed.
    """
    found: list[str] = []
    unlisted: list[tuple[str, str]] = []
    level = [""]
    left = MOST_FOLDERS
    top = str(root)
    while level and left:
        below: list[str] = []
        for prefix in level[:left]:
            try:
                with os.scandir(f"{top}/{prefix}") as entries:
                    for entry in entries:
                        name = entry.name
                        if entry.is_dir(follow_symlinks=False):
                            if is_searched(name):
                                below.append(f"{prefix}{name}/")
                        elif _DOCKERFILE.match(name) and not name.lower().endswith(_NO_DOCKERFILE):
                            found.append(prefix + name)
            except OSError as error:
                if prefix and isinstance(error, FileNotFoundError):
                    continue  # it is gone by now
                if not prefix:
                    raise ParityError(f"PATH cannot be read: {error.strerror}") from None
                unlisted.append((prefix[:-1], error.strerror or "no reason is given"))
        if len(level) > left:
            return _dockerfiles(found, unlisted, level[left])
        left -= len(level)
        level = sorted(below)
    return _dockerfiles(found, unlisted, level[0] if level else None)


def _dockerfiles(found: list[str], unlisted: list[tuple[str, str]], unsearched: str | None) -> Dockerfiles:
    names = sorted(found, key=lambda name: (name.count("/"), name))
    return Dockerfiles(tuple(names), tuple(unlisted), unsearched and unsearched.rstrip("/"))


def is_searched(folder: str) -> bool:
    """May a folder of this name hold what somebody wrote for this project?"""
    return folder not in _SKIPPED and folder[0] != "." and "{{" not in folder


def likely_context(root: Path, dockerfile: str) -> str:
    """The build context, as a checkout path: PATH itself, the Dockerfile's own folder, or one between them.

    It is the one that has more of the COPY sources; where that does not tell, the Dockerfile's folder if it looks
    like a project of its own, else PATH.
    """
    folder = dockerfile.rpartition("/")[0]
    if not folder:
        return "/"
    data = read_file(root / dockerfile, dockerfile)
    sources = _literal_sources(data, dockerfile) if isinstance(data, bytes) else []
    places = [folder]
    while places[-1]:
        places.append(places[-1].rpartition("/")[0])
    has = {place: sum(is_there(root / place / source) for source in sources) for place in places}
    best = [place for place in places if has[place] == max(has.values())]
    own = best[0] == folder and any(is_there(root / folder / name) for name in _OF_A_PROJECT)
    return "/" + (best[0] if own or "" not in best else "")


def _literal_sources(data: bytes, dockerfile: str) -> list[str]:
    from parity.dockerfile.instructions import Copy
    from parity.dockerfile.parse import parse

    try:
        parsed = parse(data, dockerfile)
    except ParityError:
        return []
    return [
        source.lstrip("/")
        for stage in parsed.stages
        for copy in stage.instructions
        if isinstance(copy, Copy) and copy.flag("from") is None
        for source in copy.sources
        if not set(source) & set("$*?[") and ":" not in source and source.strip("./")
    ]
