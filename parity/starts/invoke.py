"""What does `invoke task` import? tasks.py (`-c` names another) of the working directory."""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import in_folder, script_folder, unique, words_of
from parity.starts.application import is_module
from parity.startup.entrypoint import Entrypoint, ImportModule
from parity.tree.base import FileTree

PROGRAMS = ("invoke", "inv")
BY_MODULE = {"invoke": "invoke"}
OPTIONS = options(
    "--collection -c --search-root -r --config -f --prompt-for-sudo-password",
    "--debug -d --echo -e --list -l --help -h --version -V --pty -p --dry -R --hide --warn-only -w --no-dedupe",
    interspersed=False,
)


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    given = read(words_of(command), OPTIONS)
    name = given.value("--collection", "-c") or "tasks"
    if given.unclear or not given.operands or not is_module(name):
        return None
    path = unique(in_folder(command, given.value("--search-root", "-r") or ""), *script_folder(command, tree))
    return Entrypoint("invoke", command, path, (ImportModule(name),))
