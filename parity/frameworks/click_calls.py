"""What does a command of click run when it is called? (read from click 8: `Command.main`, `Group.invoke`)

The function, with values that come from the command line; of a group its function, and that of the command that the
command line names.
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

COMMAND = "click.Command()"
GROUP = "click.Group()"
OPTIONS = tuple(
    f"click.{name}"
    for name in "option argument version_option help_option password_option confirmation_option".split()
)


def _decorator(*, group: bool, below: bool) -> Known:
    """`@click.command("name")`, `@click.group(cls=…)`, and those of a group, also without brackets."""

    def call(_machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
        function = arguments.get(0)
        parent = bound if below and bound is not None else Constant(None)
        if isinstance(function, Function):
            return _decorate(function, parent, None, None, group=group)
        told = Items("tuple", [parent, arguments.get(0, "name") or Constant(None), _class(arguments)])
        return External(f"click.{'group' if group else 'command'}.decorator", told)

    return call


def _class(arguments: Arguments) -> Value:
    return arguments.get(1, "cls") or Constant(None)


def _make(*, group: bool) -> Known:
    def call(_machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
        function = arguments.get(0)
        if not isinstance(function, Function) or not isinstance(bound, Items):
            return ANYTHING
        parent, name, cls = bound.elements
        return _decorate(function, parent, text_of(name), cls, group=group)

    return call


def _decorate(
    function: Function, parent: Value, name: str | None, cls: Value | None, *, group: bool
) -> Value:
    command = command_tree.made(function, name, group=group, cls=cls)
    command_tree.add(parent, command)
    return External(GROUP if group else COMMAND, command)


def _add_command(_machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    command = arguments.get(0, "cmd")
    if isinstance(command, External) and isinstance(command.bound_to, Table):
        command_tree.add(bound, command.bound_to, text_of(arguments.get(1, "name")))
    return ANYTHING


def _option(_machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    return External("click.option.decorator")


def _decorated(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    return arguments.get(0) or ANYTHING


def _run(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    """With the words of the command line, unless the program has others."""
    given = arguments.get(0, "args")
    words: tuple[str | None, ...] = machine.arguments[1:]
    if isinstance(given, Items):
        words = tuple(text_of(one) for one in given.elements)
    elif given is not None and given != Constant(None):
        words = (None,)
    if isinstance(bound, Table):
        command_tree.invoke(machine, bound, words)
    return ANYTHING


CALLS: dict[str, Known] = {
    **dict.fromkeys(OPTIONS, _option),
    "click.option.decorator": _decorated,
    f"{GROUP}.add_command": _add_command,
    **dict.fromkeys((COMMAND, f"{COMMAND}.main", GROUP, f"{GROUP}.main"), _run),
}
for _kind, _is_group in (("command", False), ("group", True)):
    CALLS[f"click.{_kind}"] = _decorator(group=_is_group, below=False)
    CALLS[f"{GROUP}.{_kind}"] = _decorator(group=_is_group, below=True)
    CALLS[f"click.{_kind}.decorator"] = _make(group=_is_group)
