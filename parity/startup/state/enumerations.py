"""What is known of the classes that are enumerations: their members, and the names that they lack."""

from __future__ import annotations

import enum

from parity.startup.state.classes import class_attribute, order
from parity.startup.state.values import Class, Constant, External, Function, Instance, Value

_KINDS = frozenset(f"enum.{kind}" for kind in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum"))
_MIXED_IN = frozenset(("builtins.str", "builtins.int", "builtins.float", "builtins.bytes", "builtins.object"))
_NAMES = frozenset(name for kind in (enum.EnumMeta, enum.IntFlag, str, bytes, float) for name in dir(kind))
"""What enumerations and the classes that are mixed in have by themselves."""


def is_enumeration(cls: Class) -> bool:
    return any(isinstance(one, External) and one.name in _KINDS for one in order(cls))


def member(cls: Class, name: str) -> Value | None:
    """`cls.name` where the class's body binds the name: a member is an instance; None where it does not."""
    found = class_attribute(cls, name)
    if found is None or isinstance(found, Function) or name.startswith("_"):
        return found
    made = Instance(cls)
    if class_attribute(cls, "name") is None:
        made.attributes["name"] = Constant(name)
    if isinstance(found, Constant) and _is_value(cls, found):
        made.attributes["value"] = found
    return made


def _is_value(cls: Class, written: Constant) -> bool:
    """Is what is written for a member its `value`? A class of texts, say, makes a text of it."""
    if any(class_attribute(cls, own) is not None for own in ("__new__", "__init__", "value")):
        return False
    mixed_in = {one.name for one in order(cls) if isinstance(one, External)} & _MIXED_IN
    return not mixed_in or f"builtins.{type(written.value).__name__}" in mixed_in


def certainly_lacks(cls: Class, name: str) -> bool:
    """Has the enumeration no member or attribute of this name?"""
    if name.startswith("_") or name in _NAMES or class_attribute(cls, name) is not None:
        return False
    for one in order(cls):
        if isinstance(one, Class) and one.metaclass is None and not one.namespace.open:
            continue
        if not isinstance(one, External) or one.name not in _KINDS | _MIXED_IN:
            return False
    return True


def has_members(cls: Class) -> bool:
    """Has it some for certain? CPython: such a class cannot have subclasses."""
    own = cls.namespace
    if cls.metaclass is not None or "_ignore_" in own.values:
        return False
    plain = (name for name, value in own.values.items() if isinstance(value, Constant))
    return is_enumeration(cls) and any(not n.startswith("_") and n not in own.maybe for n in plain)
