"""Which first arguments does a start script tell apart: `case "$1" in web) … ;; worker) … ;; esac`?

An image whose script is given none is started by each of them, elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from parity.model.command import Command
from parity.programs.wrappers import unwrap
from parity.shell.parse import parse
from parity.shell.scripts import Script, script_of
from parity.shell.syntax import Case, Condition, Simple
from parity.tree.base import FileTree

DEEPEST = 5
MOST = 30
FIRST = re.compile(r"\"?\$(?:1|\{1(?::?-[^}]*)?\})\"?")
ROLE = re.compile(r"(['\"]?)([A-Za-z0-9][\w.:/-]*)\1")


def roles_of(command: Command, tree: FileTree) -> tuple[Command, ...]:
    """The command with each first argument that its script knows; none where it is no script, or knows none."""
    script = _script(command, tree)
    if script is None or script.arguments:
        return ()
    nodes = list(_nodes(parse(script.text)))
    names = {name for node in nodes if isinstance(node, Simple) for name in _assigned(node)}
    first = {text for name in names for text in (f"${name}", f"${{{name}}}")}
    words = dict.fromkeys(
        found[2]
        for node in nodes
        for subject, pattern in _compared(node)
        if (FIRST.fullmatch(subject) or subject.strip('"') in first) and (found := ROLE.fullmatch(pattern))
    )
    return tuple(replace(command, argv=(*command.argv, word)) for word in list(words)[:MOST])


def _script(command: Command, tree: FileTree) -> Script | None:
    """The shell script that it starts, wrappers taken off."""
    for _ in range(DEEPEST):
        script = script_of(command.argv, tree, command.working_directory, command.environment)
        if isinstance(script, Script):
            return script if script.path is not None else None
        inner = unwrap(command)
        if inner is None or inner == command:
            return None
        command = inner
    return None


def _assigned(node: Simple) -> Iterator[str]:
    """The variables that get the first argument: `role="$1"`."""
    for word in (*node.assignments, *node.words):
        name, equals, value = word.partition("=")
        if equals and name.isidentifier() and FIRST.fullmatch(value):
            yield name


def _compared(node: object) -> Iterator[tuple[str, str]]:
    """What `case` and `[ "$1" = web ]` compare, as it is written."""
    match node:
        case Case():
            yield from ((node.word, pattern) for item in node.items for pattern in item.patterns)
        case Simple(words=("[" | "test", subject, "=" | "==", pattern, *_)):
            yield subject, pattern
        case Condition(words=(subject, "=" | "==", pattern, *_)):
            yield subject, pattern
        case _:
            pass


def _nodes(top: object) -> Iterator[object]:
    todo = [top]
    while todo:
        node = todo.pop()
        if isinstance(node, tuple):
            todo += reversed(node)
        elif isinstance(node, Struct):
            yield node
            todo += [getattr(node, field) for field in reversed(node.__struct_fields__)]
