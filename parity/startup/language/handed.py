"""What may a call that is not followed change of what it is handed, and of what that can reach?"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from parity.startup.state.taint import ONLY_READ
from parity.startup.state.values import (
    ANYTHING,
    ESCAPED,
    Arguments,
    Class,
    External,
    Function,
    Instance,
    Items,
    Partial,
    Table,
    Value,
)


def hand_over(called: Value, arguments: Arguments) -> None:
    """`called(*arguments)`: marks what may have other attributes, elements or keys from now on."""
    todo: list[Value] = [*arguments.positional, *arguments.keywords.values()]
    if isinstance(called, External) and called.name.rpartition(".")[2] not in ONLY_READ:
        todo.append(called)
    seen: set[int] = set()
    while todo:
        value = todo.pop()
        if id(value) not in seen:
            seen.add(id(value))
            _mark(value)
            todo += _within(value)


def _mark(value: Value) -> None:
    match value:
        case Function():
            value.given.add(ESCAPED)
        case Instance():
            value.attributes.setdefault(ESCAPED, ANYTHING)
        case Class():
            value.namespace.open = True
        case Items() | Table():
            value.written = None
        case _:
            pass


def _within(value: Value) -> Iterable[Value]:
    """What whoever has the value can reach."""
    match value:
        case Items():
            yield from value.elements
        case Table():
            yield from value.entries.values()
        case Instance():
            yield from value.attributes.values()
        case External(bound_to=Items() | Table() as owner):
            yield owner
        case Partial():
            yield from (value.function, *value.arguments.positional, *value.arguments.keywords.values())
        case Function():
            yield from (value.bound_to,) if value.bound_to is not None else ()
            # It may be called, and change what its text names.
            names = {node.id for node in ast.walk(value.node) if isinstance(node, ast.Name)}
            for namespace in (value.module.namespace, *value.scopes):
                bound = (namespace.values.get(name) for name in names)
                yield from (one for one in bound if isinstance(one, Items | Table))
        case _:
            pass
