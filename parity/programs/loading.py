"""A table of functions by program, each of whose files is imported when a program of it is first called."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib import import_module

from parity.programs.arguments import CommandFunction
from parity.shell.host import Call
from parity.shell.outcome import Outcome
from parity.tree.writable import WritableTree


def loaded_when_called(package: str, file_of: Mapping[str, str]) -> dict[str, CommandFunction]:
    """`file_of`: program -> the module of `package` whose COMMANDS have it."""
    return {name: partial(_call, f"{package}.{file}", name) for name, file in file_of.items()}


def _call(module: str, name: str, call: Call, files: WritableTree) -> Outcome:
    function: CommandFunction = import_module(module).COMMANDS[name]
    return function(call, files)


def rows(table: str) -> dict[str, str]:
    """`sed: sed gsed` is a row of such a table: a file, and the programs that it has. -> program: file."""
    file_of: dict[str, str] = {}
    file = ""
    for word in table.split():
        if word.endswith(":"):
            file = word[:-1]
        else:
            file_of[word] = file
    return file_of
