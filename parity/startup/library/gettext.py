"""Which names does `gettext` bind for all modules?"""

from __future__ import annotations

from functools import partial

from parity.startup.library.known import Known, register
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, Constant, External, Items, Value, text_of

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)


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
