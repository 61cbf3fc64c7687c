"""Which program does a command name, and where in the image is it?"""

from __future__ import annotations

from msgspec.structs import replace

from parity.model.command import Command
from parity.model.location import Unknown
from parity.programs.options import Word
from parity.tree import links
from parity.tree.base import FileTree, join, parent_of
from parity.tree.links import follow
from parity.tree.which import which

LARGEST_TEXT = 1_000_000
"""Bytes of a configuration file or a module that are read here."""


def name_of(command: Command) -> str:
    """The program's name without its folder; "" where it cannot be told."""
    return (command.argv[0] or "").rpartition("/")[2] if command.argv else ""


def words_of(command: Command) -> tuple[Word, ...]:
    """What stands behind the program's name."""
    return command.argv[1:]


def rest_of(command: Command, words: tuple[Word, ...]) -> Command | None:
    """The rest of a command line as a command; None where its program is not known."""
    words = words[1:] if words[:1] == ("--",) else words
    return replace(command, argv=words) if words and words[0] and not words[0].startswith("-") else None


def locate(command: Command, tree: FileTree) -> str | None:
    """Where execvp finds the program's file (links not followed); None: it is not known to be there."""
    program = command.argv[0] if command.argv else None
    return which(program, command.environment, tree, command.working_directory) if program else None


is_file = links.is_file
is_folder = links.is_folder


def text_at(tree: FileTree, path: str) -> str | None:
    """The text of a file of the image, links followed; None where there is none or it cannot be told."""
    if not is_file(tree, path):
        return None
    content = tree.read(follow(tree, path).path)
    if isinstance(content, Unknown) or len(content) > LARGEST_TEXT:
        return None
    return content.removeprefix(b"\xef\xbb\xbf").decode("utf8", "surrogateescape")


def script_folder(command: Command, tree: FileTree) -> tuple[str, ...]:
    """What CPython puts on the search path for a console script: its own folder (links followed).

    Nothing, where no Python file is known to be in it: installers put none there, and the folder would only
    make every other answer uncertain.
    """
    path = locate(command, tree)
    if path is None or command.environment.get("PYTHONSAFEPATH"):
        return ()
    folder = parent_of(follow(tree, path).path)
    names = tree.names(folder)
    if isinstance(names, Unknown) or not any(name.endswith(".py") for name in names):
        return ()
    return (folder,)


def in_folder(command: Command, path: str) -> str:
    """An image path: `path` as the program would take it, from its working directory."""
    return join(command.working_directory, path)


def unique(*folders: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folders))
