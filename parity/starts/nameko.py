"""What does `nameko run module` import, from the working directory?"""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import script_folder, unique, words_of
from parity.starts.application import application
from parity.startup.entrypoint import Entrypoint
from parity.tree.base import FileTree

PROGRAMS = ("nameko",)
OPTIONS = options("--config --broker --backdoor-port --define", "--help -h")


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    words = words_of(command)
    given = read(words[1:], OPTIONS)
    targets = [application(word) for word in given.operands]
    if words[:1] != ("run",) or given.unclear or not targets:
        return None
    steps = tuple(target.step() for target in targets if target is not None)
    path = unique(command.working_directory, *script_folder(command, tree))
    return Entrypoint("nameko", command, path, steps) if len(steps) == len(targets) else None
