"""What does `serve run module:app` of Ray import, from the working directory?"""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import in_folder, script_folder, unique, words_of
from parity.starts.application import application
from parity.startup.entrypoint import Entrypoint
from parity.tree.base import FileTree

PROGRAMS = ("serve",)
OPTIONS = options(
    "--runtime-env --runtime-env-json --working-dir --app-dir -d --address -a --route-prefix --name",
    "--blocking --non-blocking --reload -r --help",
)


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    words = words_of(command)
    given = read(words[1:], OPTIONS)
    target = application(given.operands[0]) if given.operands else None
    if words[:1] != ("run",) or given.unclear or target is None or not target.attribute:
        return None
    path = unique(in_folder(command, given.value("--app-dir", "-d") or ""), *script_folder(command, tree))
    return Entrypoint("ray", command, path, (target.step(),))
