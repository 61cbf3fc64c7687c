"""What does `faust -A module worker` import, from the working directory?"""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import in_folder, script_folder, unique, words_of
from parity.starts.application import application
from parity.startup.entrypoint import Entrypoint
from parity.tree.base import FileTree

PROGRAMS = ("faust",)
BY_MODULE = {"faust": "faust"}
OPTIONS = options(
    "--app -A --datadir -D --loop -L --workdir -W --loglevel -l --logfile -f --web-port -p --web-host -h --web-bind -b",
    "--quiet -q --debug --no-debug --no-color --json --help",
)


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    given = read(words_of(command), OPTIONS)
    target = application(given.value("--app", "-A"))
    if given.unclear or target is None:
        return None
    path = unique(in_folder(command, given.value("--workdir", "-W") or ""), *script_folder(command, tree))
    return Entrypoint("faust", command, path, (target.step(),))
