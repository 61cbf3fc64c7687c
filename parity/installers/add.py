"""What do `poetry add x`, `uv add x` and `pdm add x` leave: x in the environment, and another pyproject.toml?"""

from __future__ import annotations

from msgspec.structs import replace

from parity.installers.install import Installation
from parity.installers.pip import read_asked
from parity.model.location import Unknown
from parity.packages.environment import Environment
from parity.packages.options import Given
from parity.shell.host import Call
from parity.shell.status import Status
from parity.tree.base import Entry, join
from parity.tree.links import follow
from parity.tree.writable import WritableTree

REQUIRING = ("-r", "--requirement", "--requirements", "-e", "--editable")
EVERYTHING = Given(frozenset(["--all", "--all-extras", "--all-groups"]), {}, ())
"""Groups and extras that something is added to are installed with it: each is taken to be."""


def add(
    call: Call, files: WritableTree, given: Given, environment: Environment, root: str, lock: str
) -> Status:
    """The operands are installed on top. `root`: the project's folder; `lock`: the name of its lock file."""
    values = {name: told for name, told in given.values.items() if name in REQUIRING}
    asked = read_asked(call, files, replace(given, values=values), environment.version)
    status = Installation(call, files, environment).all(asked)
    declare(call, files, root, lock)
    return status


def declare(call: Call, files: WritableTree, root: str, lock: str) -> None:
    """Only what the project requires is another from now on: `uv add --no-sync x`."""
    unknown = Unknown("what the project requires from now on is not known", call.location)
    for name in ("pyproject.toml", lock):
        found = follow(files, join(root, name))
        if isinstance(found.answer, Entry):
            files.write(found.path, unknown)
