"""Which class of its bases has an attribute, in Python's method resolution order?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from parity.startup.state.values import Class, External, Super, Value

OBJECT = External("builtins.object")
MOST_CLASSES = 60
"""Classes above one another that are asked."""
DATACLASS = "__dataclass_fields__"


@lru_cache(maxsize=2_000)
def order(cls: Class) -> Sequence[Value]:
    """The class and all above it (C3, as `type.mro`); its bases as they stand where that has no answer."""
    if len(cls.bases) == 1:
        base = cls.bases[0]
        rest = order(base) if isinstance(base, Class) else [base] if base != OBJECT else []
        return [cls, *rest][:MOST_CLASSES]
    above = [[*order(base)] if isinstance(base, Class) else [base] for base in cls.bases if base != OBJECT]
    todo = [*above, [base for base in cls.bases if base != OBJECT]]
    found: list[Value] = [cls]
    while todo := [line for line in todo if line]:
        first = next((line[0] for line in todo if not any(line[0] in other[1:] for other in todo)), None)
        if first is None:
            return [cls, *cls.bases]
        found.append(first)
        todo = [line[1:] if line[0] == first else line for line in todo]
    return found[:MOST_CLASSES]


def class_attribute(cls: Class, name: str) -> Value | None:
    """The attribute by the classes that are the project's own."""
    own = (one.namespace.get(name) for one in order(cls) if isinstance(one, Class))
    return next((found for found in own if found is not None), None)


def above(value: Super, name: str) -> Value | None:
    """`super().name`; None where it cannot be told: another package's class stands before, or nothing has it."""
    line = list(order(value.instance.cls))
    if value.cls not in line:
        return None
    for one in line[line.index(value.cls) + 1 :]:
        if not isinstance(one, Class):
            return None
        if (found := one.namespace.get(name)) is not None:
            return found
    return None


def nothing_above(value: Super, name: str) -> bool:
    """Has no class behind it in the order, all of which are the project's own, such an attribute?"""
    line = list(order(value.instance.cls))
    if value.cls not in line or not only_ours(value.instance.cls) or hasattr(object, name):
        return False
    behind = line[line.index(value.cls) + 1 :]
    return all(isinstance(one, Class) and one.namespace.get(name) is None for one in behind)


def only_ours(cls: Class) -> bool:
    """Are all its bases the project's own?"""
    line = order(cls)
    return len(line) < MOST_CLASSES and all(isinstance(one, Class) for one in line)


def has_made_up_init(cls: Class) -> bool:
    """Is its `__init__` the one that `dataclasses.dataclass` writes?"""
    own = cls.namespace.values
    return DATACLASS in own and "__init__" not in own


def fields(cls: Class) -> set[str]:
    """Names of the class that an instance of a dataclass may have its own values of."""
    return {name for one in order(cls) if isinstance(one, Class) for name in one.namespace.values}
