"""Which function of a tree of commands does a command line run? (click and Typer)

A command is a table: its `function`, its `name`, its `commands` if it is a group, and the `class` of a group that finds
its commands itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from parity.startup.language.attributes import bound
from parity.startup.state.classes import class_attribute
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Class,
    Constant,
    External,
    Function,
    Instance,
    Table,
    Value,
    text_of,
)

ENDING = frozenset(("--help", "-h", "--version", "-V", "--show-completion", "--install-completion"))
DEEPEST = 10
SUFFIXES = ("-command", "-cmd", "-group", "-grp")


def made(
    function: Value | None, name: str | None = None, *, group: bool = False, cls: Value | None = None
) -> Table:
    """A command, named for its function if it is given no name."""
    command = Table({"function": function or ANYTHING, "name": Constant(name)})
    if group:
        command.entries.update({"commands": Table({}), "class": cls or ANYTHING})
    return command


def names_of(command: Table, given: str | None = None) -> tuple[str, ...]:
    """The words that may choose it: click cuts suffixes off since 8.2."""
    function = command.entries["function"]
    name = given or text_of(command.entries.get("name"))
    if name or not isinstance(function, Function):
        return (name,) if name else ()
    plain = function.name.lower().replace("_", "-")
    return tuple({plain, *(plain.removesuffix(one) for one in SUFFIXES)})


def add(group: Value | None, command: Table, name: str | None = None) -> None:
    commands = group.entries.get("commands") if isinstance(group, Table) else None
    if isinstance(commands, Table):
        commands.entries.update(dict.fromkeys(names_of(command, name), command))


def invoke(machine: Machine, command: Table, words: Sequence[str | None], depth: int = DEEPEST) -> None:
    """Runs the functions from the group down to the command that the words choose; none where that cannot be told."""
    chosen: Table | None = None
    rest: Sequence[str | None] = ()
    if "commands" in command.entries:
        at = _operand(command, words)
        if at is None or not depth:
            return
        rest = words[at + 1 :]
        chosen = _command(machine, command, words[at] or "")
        if chosen is None:
            return
    function = command.entries["function"]
    if isinstance(function, Function):
        machine.interpreting.call(function, Arguments(complete=False))
    if chosen is not None:
        invoke(machine, chosen, rest, depth - 1)


def _operand(group: Table, words: Sequence[str | None]) -> int | None:
    """Where the name of a command stands, behind options of which some have values."""
    commands = group.entries["commands"]
    known = commands.entries if isinstance(commands, Table) else {}
    for at, word in enumerate(words):
        if word is None or word in ENDING:
            return None
        if word in known:
            return at
        if not word.startswith("-") and not (at and (words[at - 1] or "").startswith("-")):
            return at
    return None


def _command(machine: Machine, group: Table, name: str) -> Table | None:
    commands, cls = group.entries["commands"], group.entries.get("class")
    found = commands.entries.get(name) if isinstance(commands, Table) else None
    if found is None and isinstance(cls, Class):
        getter = class_attribute(cls, "get_command")
        if isinstance(getter, Function):
            found = machine.interpreting.call(
                bound(getter, Instance(cls)), Arguments((ANYTHING, Constant(name)))
            )
            found = found.bound_to if isinstance(found, External) else None
    return found if isinstance(found, Table) and "function" in found.entries else None
