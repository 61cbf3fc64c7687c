"""Which files of a checkout say what is built and started? One walk, level by level, the nearest first."""

from __future__ import annotations

import re

from msgspec import Struct

from parity.deployments.registry import FORMATS
from parity.git.ignore import GitIgnore
from parity.model.location import Unknown
from parity.tree.base import FileKind, FileTree, child
from parity.tree.kinds import kinds_in

MOST_FOLDERS = 20_000
"""Folders that are looked at: what more there is, nobody wrote by hand."""
_SKIPPED = frozenset(
    ".git .hg .svn .tox .nox .mypy_cache .ruff_cache .pytest_cache .idea node_modules site-packages __pycache__".split()
)
"""Folders that programs write. What else a project keeps out of git is named by its .gitignore."""
_NO_FOLDER = re.compile(
    r".+\.(?:pyc?|pyi|md|rst|txt|js|ts|tsx|jsx|css|scss|html|svg|png|jpe?g|gif|csv|lock|whl|ipynb|sql|po|mo|go|rs|c|h)$"
)
"""Names of files that say nothing here, whatever folder they are in."""
_DOCKERFILE = re.compile(r"(?i:dockerfile|containerfile)(?:[.\-_].+)?$|.+\.(?i:dockerfile)$")
_NO_DOCKERFILE = tuple(
    ".dockerignore .md .rst .py .pyc .js .ts .go .rb .sh .json .yml .yaml .toml .html .patch .bak .swp .orig "
    ".j2 .jinja .jinja2 .tmpl .tpl .template .erb .mustache .in".split()
)
"""Notes, programs, data, and templates that Docker itself could not read."""
_SAYS = re.compile("|".join(one.files for one in FORMATS.values()))


class Names(Struct, frozen=True):
    """Checkout paths, the nearest first.

    `unlisted`: folders that may not be listed, and why; `unsearched`: the first folder that was left out, and all
    behind it, because there are too many.
    """

    dockerfiles: tuple[str, ...]
    others: tuple[str, ...]
    unlisted: tuple[tuple[str, Unknown], ...] = ()
    unsearched: str | None = None


def search(tree: FileTree) -> Names:
    """The Dockerfiles, and the files that may say how they are built and started; `MOST_FOLDERS` are looked at.

    Left out are folders that a .gitignore names, of version control, of dependencies and of virtual environments,
    and templates of projects (`{{ name }}`, as cookiecutter has them).
    """
    ignore = GitIgnore(tree)
    dockerfiles: list[str] = []
    others: list[str] = []
    unlisted: list[tuple[str, Unknown]] = []
    level = ["/"]
    left = MOST_FOLDERS
    while level and left:
        below: list[str] = []
        for folder in level[:left]:
            kinds = kinds_in(tree, folder)
            if isinstance(kinds, Unknown):
                unlisted.append((folder, kinds))
                continue
            if folder != "/" and "pyvenv.cfg" in kinds:
                continue
            for name, kind in kinds.items():
                if _NO_FOLDER.match(name) and not is_dockerfile(name):
                    continue
                path = child(folder, name)
                if kind is FileKind.DIRECTORY:
                    if name not in _SKIPPED and "{{" not in name and not ignore.names(path, is_folder=True):
                        below.append(path)
                elif is_dockerfile(name):
                    dockerfiles.append(path)
                elif _SAYS.fullmatch(name):
                    others.append(path)
        # What is left of a level that was cut short comes before what lies below it.
        rest, left = level[left:], left - len(level[:left])
        level = rest or sorted(below)
    return Names(
        tuple(sorted(dockerfiles, key=_nearest)),
        tuple(sorted(others, key=_nearest)),
        tuple(unlisted),
        level[0] if level else None,
    )


def _nearest(path: str) -> tuple[int, str]:
    return path.count("/"), path


def is_dockerfile(name: str) -> bool:
    """Is a file of this name a Dockerfile, and no note about one and no template of one?"""
    return _DOCKERFILE.match(name) is not None and not name.lower().endswith(_NO_DOCKERFILE)
