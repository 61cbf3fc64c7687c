"""What does `sanic module:app` import, from the working directory?"""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import script_folder, unique, words_of
from parity.starts.application import application
from parity.startup.entrypoint import Entrypoint
from parity.tree.base import FileTree

PROGRAMS = ("sanic",)
BY_MODULE = {"sanic": "sanic"}
OPTIONS = options(
    "--host --port --workers --unix --cert --key --tls --http --reload-dir --inspect -H -p -u -w -R",
    "--factory --simple --create --debug --dev --fast --access-logs --no-access-logs --single-process --auto-reload"
    " --motd --no-motd --verbosity --help --version -s -d -r -v -h",
)


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    given = read(words_of(command), OPTIONS)
    target = application(given.operands[0]) if len(given.operands) == 1 and not given.unclear else None
    if target is None:
        return None
    step = target.step("app", call=given.has("--factory", "--create"))
    path = unique(command.working_directory, *script_folder(command, tree))
    return Entrypoint("sanic", command, path, (step,))
