"""Which calls of the standard library bind names, in a module or for all of them?"""

from __future__ import annotations

from functools import partial

from parity.startup.library.known_values import Known, register
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, Class, Constant, External, Items, Value, text_of

BINDING: dict[str, Known] = {}
known = partial(register, BINDING)


@known("gettext.install")
def _install(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """CPython: gettext.NullTranslations.install binds `_`, and those of `names` that it knows."""
    _bind_texts(machine, arguments.keywords.get("names"))
    return Constant(None)


@known("gettext.translation", "gettext.NullTranslations", "gettext.GNUTranslations")
def _translation(_machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    return External("gettext.catalog")


@known("gettext.catalog.install")
def _install_catalog(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    _bind_texts(machine, arguments.get(0, "names"))
    return Constant(None)


def _bind_texts(machine: Machine, names: Value | None) -> None:
    listed = [text_of(item) for item in names.elements] if isinstance(names, Items) else []
    for name in ("_", *listed):
        if name is not None:
            machine.builtins.bind_from_outside(name, ANYTHING, doubtful=machine.uncertain > 0)
    if None in listed or not (names is None or (isinstance(names, Items) and names.complete)):
        machine.builtins.open = True


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
