"""What does `bentoml serve module:Service` import? Without a name it is service.py, in the working directory."""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import script_folder, unique, words_of
from parity.starts.application import application
from parity.startup.entrypoint import Entrypoint
from parity.tree.base import FileTree

PROGRAMS = ("bentoml",)
OPTIONS = options(
    "--port --host --backlog --timeout --api-workers --working-dir --reload-delay -p",
    "--reload --production --help",
)


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    words = words_of(command)
    given = read(words[1:], OPTIONS)
    target = application(given.operands[0] if given.operands else "service")
    if words[:1] not in (("serve",), ("serve-http",)) or given.unclear or target is None:
        return None
    path = unique(command.working_directory, *script_folder(command, tree))
    return Entrypoint("bentoml", command, path, (target.step(),))
