"""What do the decorators of functools, dataclasses and others give, and `typing.cast`?"""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from parity.startup.library.known import Known, register
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    ESCAPED,
    Anything,
    Arguments,
    Constant,
    External,
    Function,
    Partial,
    Property,
    Table,
    Value,
)

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)


TRANSPARENT = frozenset(
    "functools.lru_cache functools.cache functools.wraps builtins.staticmethod builtins.classmethod abc.abstractmethod "
    "dataclasses.dataclass typing.final typing.runtime_checkable typing.no_type_check enum.unique".split()
)
"""Decorators that give back something that can be called, or used as a class, like what they got."""


@known("functools.lru_cache", "functools.cache")
def _lru_cache(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`@lru_cache(maxsize=None)` decorates as `@lru_cache` does."""
    first = arguments.get(0, "user_function")
    if isinstance(first, Function):  # another object, with attributes of its own, that calls the function
        return replace(first, given={*first.given, ESCAPED})
    return External("functools.lru_cache") if isinstance(first, Anything | Constant | None) else ANYTHING


@known("functools.wraps")
def _wraps(_machine: Machine, _arguments: Arguments, _bound: Value | None) -> Value:
    return External("functools.wraps")


@known("dataclasses.dataclass")
def _dataclass(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    if arguments.positional:
        return ANYTHING
    options = Table({}, arguments.complete)
    options.entries.update(arguments.keywords)
    return External("dataclasses.dataclass", options)


@known("builtins.property", "functools.cached_property")
def _property(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    value = arguments.get(0, "fget")
    return Property(value) if isinstance(value, Function) else ANYTHING


@known("functools.partial")
def _partial(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    if not arguments.positional:
        return ANYTHING
    function, *rest = arguments.positional
    return Partial(function, Arguments(tuple(rest), arguments.keywords, arguments.complete))


@known("typing.cast", "typing_extensions.cast")
def _cast(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    return arguments.get(1) or ANYTHING
