"""What does a command of click run when it is called? (read from click 8: `BaseCommand.main`, `Command.invoke`)

The function, with values that come from the command line. Of a group nobody knows here which command it runs.
"""

from __future__ import annotations

from parity.startup.library.known import Known
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, External, Function, Value

MADE = "click.Command()"
OPTIONS = tuple(
    f"click.{name}"
    for name in "option argument version_option help_option password_option confirmation_option".split()
)


def _command(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`@click.command()`, and `@click.command` without brackets."""
    function = arguments.get(0)
    return External(MADE, function) if isinstance(function, Function) else External("click.command.decorator")


def _make(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    function = arguments.get(0)
    return External(MADE, function) if isinstance(function, Function) else ANYTHING


def _option(_machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    return External("click.option.decorator")


def _decorated(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    return arguments.get(0) or ANYTHING


def _run(machine: Machine, _arguments: Arguments, bound: Value | None) -> Value:
    if isinstance(bound, Function):
        machine.interpreting.call(bound, Arguments(complete=False))
    return ANYTHING


CALLS: dict[str, Known] = {
    "click.command": _command,
    "click.command.decorator": _make,
    **dict.fromkeys(OPTIONS, _option),
    "click.option.decorator": _decorated,
    MADE: _run,
    f"{MADE}.main": _run,
}
