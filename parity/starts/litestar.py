"""What does `litestar run` import? `--app`, else LITESTAR_APP, else app.py or application.py."""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import in_folder, is_file, script_folder, unique, words_of
from parity.starts.application import application
from parity.startup.entrypoint import Entrypoint
from parity.tree.base import FileTree, join

PROGRAMS = ("litestar",)
BY_MODULE = {"litestar": "litestar"}
OPTIONS = options("--app --app-dir", "--version --help -h", interspersed=False)
DEFAULTS = ("app", "application")


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    """Litestar: `LitestarEnv.from_env`."""
    given = read(words_of(command), OPTIONS)
    if given.unclear or not given.told("--app", "--app-dir") or not given.operands:
        return None
    folder = in_folder(command, given.value("--app-dir") or "")
    found = next((name for name in DEFAULTS if is_file(tree, join(folder, f"{name}.py"))), None)
    target = application(given.value("--app") or command.environment.get("LITESTAR_APP") or found)
    if target is None:
        return None
    path = unique(folder, *script_folder(command, tree))
    return Entrypoint("litestar", command, path, (target.step("app"),))
