"""Which files of a checkout say what is built and started? One walk, level by level, the nearest first."""

from __future__ import annotations

import re

from msgspec import Struct

from parity.model.location import Unknown
from parity.patterns.git_ignore import GitIgnore
from parity.tree.base import Entry, FileKind, FileTree, child

MOST_ENTRIES = 20_000
"""Files and folders that are looked at: what more there is, nobody wrote by hand."""
DEEPEST = 6
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
_SAYS = re.compile(
    r".+\.ya?ml|.+\.toml|docker-bake.*|.*(?:task|ecs).*\.json|Procfile|(?i:GNU)?[Mm]akefile|.+\.mk|[Jj]ustfile|.+\.sh|.+\.bash"
)


class Names(Struct, frozen=True):
    """Checkout paths, the nearest first. `all_seen`: no folder was left out for want of time."""

    dockerfiles: tuple[str, ...]
    others: tuple[str, ...]
    all_seen: bool


def search(tree: FileTree) -> Names:
    """The Dockerfiles, and the files that may say how they are built and started.

    Left out are folders that a .gitignore names, of version control, of dependencies and of virtual environments,
    and templates of projects (`{{ name }}`, as cookiecutter has them).
    """
    ignore = GitIgnore(tree)
    dockerfiles: list[str] = []
    others: list[str] = []
    level = ["/"]
    left = MOST_ENTRIES
    for depth in range(DEEPEST + 1):
        below: list[str] = []
        for folder in level:
            names = tree.names(folder)
            if isinstance(names, Unknown) or (folder != "/" and "pyvenv.cfg" in names):
                continue
            for name in sorted(names)[:left]:
                left -= 1
                if _NO_FOLDER.match(name) and not is_dockerfile(name):
                    continue
                path = child(folder, name)
                answer = tree.lookup(path)
                if not isinstance(answer, Entry):
                    continue
                if answer.kind is FileKind.DIRECTORY:
                    if name not in _SKIPPED and "{{" not in name and not ignore.names(path, is_folder=True):
                        below.append(path)
                elif is_dockerfile(name):
                    dockerfiles.append(path)
                elif _SAYS.fullmatch(name):
                    others.append(path)
            if left <= 0:
                break
        level = sorted(below) if left > 0 and depth < DEEPEST else []
    key = lambda path: (path.count("/"), path)  # noqa: E731
    return Names(tuple(sorted(dockerfiles, key=key)), tuple(sorted(others, key=key)), left > 0)


def is_dockerfile(name: str) -> bool:
    """Is a file of this name a Dockerfile, and no note about one and no template of one?"""
    return _DOCKERFILE.match(name) is not None and not name.lower().endswith(_NO_DOCKERFILE)
