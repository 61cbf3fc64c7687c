"""What do variables of the environment come to: `env("DEBUG")`, `config("DEBUG", default=False, cast=bool)`?

Read from django-environ 0.12 (`Env.get_value`) and python-decouple 3.8 (`Config.get`): the variable, cast; else the
default, which holds unless the container is started with the variable. Without a default both refuse to start, so the
variable is taken to be set, to what nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable

from parity.startup.library.known import Known
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    External,
    Items,
    Scalar,
    Table,
    Value,
    text_of,
)

ENV = "environ.Env()"
TRUE = frozenset(("true", "on", "ok", "y", "yes", "1"))
"""django-environ: `BOOLEAN_TRUE_STRINGS`; python-decouple knows all but `ok`."""


def _bool(text: str) -> Value:
    return Constant(text.lower() in TRUE)


def _int(text: str) -> Value:
    return Constant(int(text)) if text.strip().isdecimal() and len(text) < 20 else ANYTHING


def _list(text: str) -> Value:
    return Items("list", [Constant(part) for part in text.split(",") if part])


CASTS: dict[str, Callable[[str], Value]] = {"bool": _bool, "int": _int, "str": Constant, "list": _list}


def _value(machine: Machine, name: str | None, cast: str, default: Value | None) -> Value:
    if name is None:
        return ANYTHING
    if name in machine.environment:
        return CASTS[cast](machine.environment[name]) if cast in CASTS else ANYTHING
    if isinstance(default, Constant):
        return Constant(default.value, assumed=True)
    if isinstance(default, Items):
        return Items(default.kind, list(default.elements), default.complete, assumed=True)
    return ANYTHING


def _type(value: Value | None) -> str:
    """`bool` of `cast=bool`; of another function, nothing that is known."""
    return value.name.removeprefix("builtins.") if isinstance(value, External) else ""


def _make(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`Env(DEBUG=(bool, False))`: the scheme."""
    scheme: dict[Scalar, Value] = dict(arguments.keywords.items())
    return External(ENV, Table(scheme, complete=arguments.complete))


def _read(cast: str) -> Known:
    """`env("DEBUG")`, `env.bool("DEBUG", default=False)`."""

    def read(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
        name = text_of(arguments.get(0, "var"))
        scheme = bound.entries.get(name) if isinstance(bound, Table) and name is not None else None
        told = cast or _type(arguments.get(1, "cast"))
        default = arguments.keywords.get("default")
        if isinstance(scheme, Items) and len(scheme.elements) == 2:
            told, default = told or _type(scheme.elements[0]), default or scheme.elements[1]
        elif scheme is not None:
            told = told or _type(scheme)
        return _value(machine, name, told or "str", default)

    return read


def _config(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`config("DEBUG", default=False, cast=bool)`: the default is cast as well."""
    cast = arguments.get(2, "cast")
    default = arguments.get(1, "default")
    found = _value(machine, text_of(arguments.get(0)), _type(cast) if cast is not None else "str", default)
    if isinstance(found, Constant) and isinstance(found.value, str) and found.assumed and cast is not None:
        made = CASTS[_type(cast)](found.value) if _type(cast) in CASTS else ANYTHING
        return Constant(made.value, assumed=True) if isinstance(made, Constant) else made
    return found


CALLS: dict[str, Known] = {
    **dict.fromkeys(("environ.Env", "environ.FileAwareEnv", "environ.environ.Env"), _make),
    ENV: _read(""),
    **{f"{ENV}.{name}": _read(name) for name in ("bool", "int", "str", "list")},
    "decouple.config": _config,
}
