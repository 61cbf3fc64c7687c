"""What does an application of Typer run when it is called? (read from typer 0.20: `get_command`)

An application with one command and no callback is that command; another is a group.
"""

from __future__ import annotations

from parity.frameworks import command_tree
from parity.startup.library.known import Known
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    External,
    Function,
    Items,
    Table,
    Value,
    text_of,
)

MADE = "typer.Typer()"


def _make(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name = text_of(arguments.keywords.get("name"))
    return External(MADE, command_tree.made(arguments.keywords.get("callback"), name, group=True))


def _command(_machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    return External(
        "typer.command", Items("tuple", [bound or ANYTHING, arguments.get(0, "name") or Constant(None)])
    )


def _decorate_command(_machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    function = arguments.get(0) or ANYTHING
    if isinstance(bound, Items) and isinstance(function, Function):
        app, name = bound.elements
        command_tree.add(app, command_tree.made(function, text_of(name)))
    return function


def _callback(_machine: Machine, _arguments: Arguments, bound: Value | None) -> Value:
    return External("typer.callback", bound)


def _decorate_callback(_machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    function = arguments.get(0) or ANYTHING
    if isinstance(bound, Table):
        bound.entries["function"] = function
    return function


def _add_typer(_machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    """One without a name gives its commands to the other."""
    below = arguments.get(0, "typer_instance")
    if isinstance(below, External) and isinstance(below.bound_to, Table) and isinstance(bound, Table):
        name = text_of(arguments.keywords.get("name")) or text_of(below.bound_to.entries.get("name"))
        commands, own = below.bound_to.entries.get("commands"), bound.entries.get("commands")
        if name or isinstance(below.bound_to.entries["function"], Function):
            command_tree.add(bound, below.bound_to, name)
        elif isinstance(commands, Table) and isinstance(own, Table):
            own.entries.update(commands.entries)
    return ANYTHING


def _run(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    if not isinstance(bound, Table) or arguments.get(0, "args") is not None:
        return ANYTHING
    commands = bound.entries.get("commands")
    different = {id(one): one for one in commands.entries.values()} if isinstance(commands, Table) else {}
    alone = next(iter(different.values())) if len(different) == 1 else None
    if (
        isinstance(alone, Table)
        and "commands" not in alone.entries
        and not isinstance(bound.entries["function"], Function)
    ):
        command_tree.invoke(machine, alone, ())
    else:
        command_tree.invoke(machine, bound, machine.arguments[1:])
    return ANYTHING


def _run_function(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    function = arguments.get(0, "function")
    if isinstance(function, Function):
        machine.interpreting.call(function, Arguments(complete=False))
    return ANYTHING


CALLS: dict[str, Known] = {
    **dict.fromkeys(("typer.Typer", "typer.main.Typer"), _make),
    f"{MADE}.command": _command,
    "typer.command": _decorate_command,
    f"{MADE}.callback": _callback,
    "typer.callback": _decorate_callback,
    f"{MADE}.add_typer": _add_typer,
    MADE: _run,
    "typer.run": _run_function,
}
