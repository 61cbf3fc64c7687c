"""What does `aerich upgrade` import? The configuration that pyproject.toml names."""

from __future__ import annotations

import tomllib

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import in_folder, script_folder, text_at, unique, words_of
from parity.starts.application import dotted
from parity.startup.entrypoint import Entrypoint
from parity.tree.base import FileTree

PROGRAMS = ("aerich",)
BY_MODULE = {"aerich": "aerich"}
OPTIONS = options("--config -c --app", "--help --version -h -V", interspersed=False)


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    """`[tool.aerich] tortoise_orm = "settings.TORTOISE_ORM"`; the working directory, or `src_folder`, comes first."""
    given = read(words_of(command), OPTIONS)
    text = text_at(tree, in_folder(command, given.value("--config", "-c") or "pyproject.toml"))
    try:
        table = tomllib.loads(text or "").get("tool", {}).get("aerich", {})
    except (tomllib.TOMLDecodeError, AttributeError, RecursionError):
        return None
    target = dotted(str(table.get("tortoise_orm", ""))) if isinstance(table, dict) else None
    if given.unclear or not given.operands or target is None:
        return None
    folder = in_folder(command, str(table.get("src_folder", ".")))
    return Entrypoint("aerich", command, unique(folder, *script_folder(command, tree)), (target.step(),))
