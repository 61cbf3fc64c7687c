"""Which members of an enumeration become names of a module?"""

from __future__ import annotations

from functools import partial

from parity.startup.library.known import Known, register
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, Class, Value, text_of

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)


@known("enum.global_enum")
def _global_enum(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """CPython: the members become names of the module that the class was made in."""
    made = arguments.get(0)
    if isinstance(made, Class):
        for name in [name for name in made.namespace.values if not name.startswith("_")]:
            made.module.namespace.bind_from_outside(name, ANYTHING, doubtful=machine.uncertain > 0)
        made.module.namespace.open |= made.namespace.open
    return made or ANYTHING


@known(*(f"enum.{kind}._convert_" for kind in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag")))
def _convert(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """CPython: `EnumType._convert_` binds the class, and the members that it makes of what `source` holds."""
    module = machine.importing.modules.get(text_of(arguments.get(1, "module")) or "")
    if module is not None:
        module.namespace.open = True
    return ANYTHING
