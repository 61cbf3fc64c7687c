"""In which environment do `poetry run`, `pdm run` and `pipenv run` start a program? The installers tell."""

from __future__ import annotations

from msgspec.structs import replace

from parity.installers import INSTALLERS
from parity.model.command import Command
from parity.shell.host import Call
from parity.shell.outcome import Runs
from parity.shell.word import Word
from parity.tree.base import FileTree
from parity.tree.unchanged import UnchangedTree


def activated(program: str, command: Command, tree: FileTree) -> Command:
    """`command`, with the variables that the program of this name sets for what it runs."""
    installer = INSTALLERS.get(program)
    if installer is None:
        return command
    words = tuple(Word(text) for text in command.argv)
    call = Call(words, command.environment, command.working_directory, location=command.location)
    outcome = installer(call, UnchangedTree(tree))
    return replace(command, environment=outcome.call.environment) if isinstance(outcome, Runs) else command
