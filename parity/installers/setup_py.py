"""What do `python -m pip`, `python setup.py install` and other installers that Python starts leave?"""

from __future__ import annotations

import re

from msgspec.structs import replace

from parity.installers.install import Installation
from parity.installers.pip import pip_of
from parity.installers.venv import create
from parity.installers.wheels import build
from parity.packages.environment import environment_of, find_interpreter
from parity.packages.options import read, split_command
from parity.packages.project import Project, read_project
from parity.programs.arguments import CommandFunction
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Runs, Unreadable
from parity.shell.status import Status
from parity.shell.word import Word
from parity.tree.base import Absent, join, parent_of
from parity.tree.links import follow
from parity.tree.writable import WritableTree

PYTHON_VALUED = "-W -X"
MODULE = re.compile(r"-[bBdEhiIOqsSuvVx]*m(.*)")
"""`-m`, `-Im`, and the module with it: `-mvenv`."""
SETUP_VALUED = "--root --prefix --home --install-lib --install-scripts --record -b --build-base -d --dist-dir"


def python(call: Call, files: WritableTree) -> Status | Runs | Unreadable:
    """None for everything but installers."""
    words = call.words[1:]
    number = 0
    while number < len(words):
        text = words[number].text
        if text is None:
            return UNREADABLE
        if found := MODULE.fullmatch(text):
            attached = bool(found[1])
            name = found[1] or (words[number + 1].text if number + 1 < len(words) else None)
            return UNREADABLE if name is None else _module(call, files, name, number + (1 if attached else 2))
        if text.startswith("-c") or text == "-":
            return UNREADABLE
        if not text.startswith("-"):
            break
        number += 2 if text in PYTHON_VALUED.split() else 1
    if number < len(words) and (words[number].text or "").rpartition("/")[2] == "setup.py":
        return _setup(call, files, words[number].text or "", words[number + 1 :])
    return UNREADABLE


def _interpreter(call: Call, files: WritableTree) -> str | None:
    return find_interpreter(call.argv[0] or "", call.environment, files, call.working_directory)


def _module(call: Call, files: WritableTree, name: str, start: int) -> Status | Runs | Unreadable:
    inner = replace(call, words=(replace(call.words[0], text=name), *call.words[start + 1 :]))
    if name in ("pip", "pip3"):
        return pip_of(inner, files, _interpreter(call, files))
    if name in ("venv", "virtualenv"):
        return create(inner, files, _interpreter(call, files))
    if name == "ensurepip":
        return Status.UNKNOWN
    if name == "build" and call.working_directory is not None:
        given = read(inner.words[1:], "-o --outdir -C --config-setting --installer")
        folder = join(call.working_directory, given.operand(0) or ".")
        if isinstance(follow(files, folder).answer, Absent):
            return UNREADABLE
        out = given.last("-o", "--outdir")
        dist = join(call.working_directory, out) if out else join(folder, "dist")
        wheel, sdist = given.has("-w", "--wheel"), given.has("-s", "--sdist")
        return build(call, files, folder, dist, wheel=wheel or not sdist, sdist=sdist or not wheel)
    return UNREADABLE


def _setup(call: Call, files: WritableTree, path: str, words: tuple[Word, ...]) -> Status | Unreadable:
    """`setup.py install` and `develop`; `bdist_wheel` and the like write below the project's folder."""
    python_path = _interpreter(call, files)
    if call.working_directory is None or python_path is None:
        return UNREADABLE
    _, command, rest = split_command(words, SETUP_VALUED)
    root = parent_of(join(call.working_directory, path))
    if isinstance(follow(files, join(root, "setup.py")).answer, Absent):
        return Status.FAILURE
    if command not in ("install", "develop"):
        return UNREADABLE
    given = read(rest, SETUP_VALUED)
    environment = environment_of(python_path, files)
    project = read_project(root, files)
    prefix = given.last("--prefix", "--home", "--root", "--install-lib")
    done = Installation(call, files, environment)
    if prefix is not None or not isinstance(project, Project):
        done.hide(done.unknown("what setup.py installs is not known"))
        if prefix:
            files.obscure(
                join(call.working_directory, prefix), done.unknown("what setup.py installs is not known")
            )
        return Status.UNKNOWN
    # Whatever build-backend says: it is setuptools that runs.
    own = {name: value for name, value in project.pyproject.items() if name != "build-system"}
    return done.built(replace(project, pyproject=own), editable=command == "develop")


COMMANDS: dict[str, CommandFunction] = {"python": python}
