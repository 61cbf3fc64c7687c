"""What does `functions-framework --target name` load? main.py, or `--source`."""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.options import options, read
from parity.programs.program import in_folder, script_folder, unique, words_of
from parity.startup.entrypoint import Entrypoint, ExecuteFile
from parity.tree.base import FileTree

PROGRAMS = ("functions-framework", "functions_framework")
BY_MODULE = {"functions_framework": "functions-framework"}
OPTIONS = options("--target --source --signature-type --host --port", "--debug --help")


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    """The file's own folder is put on the search path; the function is looked up in it."""
    given = read(words_of(command), OPTIONS)
    if given.unclear or not given.told("--source"):
        return None
    source = given.value("--source") or command.environment.get("FUNCTION_SOURCE") or "main.py"
    file = in_folder(command, source)
    path = unique(file.rpartition("/")[0] or "/", *script_folder(command, tree))
    return Entrypoint("functions-framework", command, path, (ExecuteFile(file),))
