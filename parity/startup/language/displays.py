"""What do lists, dicts and f-strings that are written out give, and what does `value[index]` take out?"""

from __future__ import annotations

import ast
from collections.abc import Callable

from parity.startup.language.operations import sliced
from parity.startup.language.refusals import refuse_subscript
from parity.startup.library.calls import known_call
from parity.startup.state.budget import LONGEST_TEXT, Bound
from parity.startup.state.machine import Machine
from parity.startup.state.scope import Scope
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    External,
    FilePath,
    Items,
    Table,
    Value,
    elements_of,
)


class Displays:
    """Evaluates them for one `Machine`; `expression` evaluates what they are made of."""

    def __init__(self, machine: Machine, expression: Callable[[ast.expr | None, Scope], Value]) -> None:
        self.machine = machine
        self.expression = expression

    def items(self, node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Value:
        kind = type(node).__name__.lower()
        made = Items(kind, [])
        for element in node.elts:
            if isinstance(element, ast.Starred):
                value = elements_of(self.expression(element.value, scope))
                if isinstance(value, Items):
                    made.elements += value.elements
                    made.complete = made.complete and value.complete
                    if self.machine.sized(made) is ANYTHING:
                        return ANYTHING
                else:
                    made.complete = False
            else:
                made.elements.append(self.expression(element, scope))
        made.written = len(made.elements)
        return made

    def table(self, node: ast.Dict, scope: Scope) -> Value:
        made = Table({})
        for key, item in zip(node.keys, node.values, strict=True):
            value = self.expression(item, scope)
            if key is None:
                if isinstance(value, Table):
                    made.entries.update(value.entries)
                    made.complete = made.complete and value.complete
                    if self.machine.sized(made) is ANYTHING:
                        return ANYTHING
                else:
                    made.complete = False
                continue
            name = self.expression(key, scope)
            if isinstance(name, Constant):
                made.entries[name.value] = value
            else:
                made.complete = False
        made.written = frozenset(made.entries)
        return made

    def joined(self, node: ast.JoinedStr, scope: Scope) -> Value:
        parts: list[str] = []
        known, assumed = True, False
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                value = self.expression(part.value, scope)
                if part.format_spec is not None:
                    self.expression(part.format_spec, scope)
                plain = part.conversion == -1 and part.format_spec is None
                if isinstance(value, Constant) and plain and isinstance(value.value, str | int):
                    parts.append(str(value.value))
                    assumed = assumed or value.assumed
                elif isinstance(value, FilePath) and plain:
                    parts.append(value.text)
                else:
                    known = False
            elif isinstance(part, ast.Constant):
                parts.append(str(part.value))
        if known and sum(map(len, parts)) > LONGEST_TEXT:
            self.machine.reach(Bound.TEXT, f"more than {LONGEST_TEXT}")
            return ANYTHING
        return Constant("".join(parts), assumed) if known else ANYTHING

    def subscript(self, node: ast.Subscript, scope: Scope) -> Value:
        value = self.expression(node.value, scope)
        if isinstance(node.slice, ast.Slice):
            bounds = [self.expression(part, scope) for part in (node.slice.lower, node.slice.upper)]
            return sliced(value, bounds) if node.slice.step is None else ANYTHING
        index = self.expression(node.slice, scope)
        refuse_subscript(self.machine, value, index)
        if isinstance(index, Constant):
            if isinstance(value, Table):
                return value.entries.get(index.value, ANYTHING)
            if (
                isinstance(value, Items)
                and value.complete
                and isinstance(index.value, int)
                and value.kind != "set"
            ):
                if -len(value.elements) <= index.value < len(value.elements):
                    return value.elements[index.value]
                return ANYTHING
            if isinstance(value, External):
                item = known_call(f"{value.name}.__getitem__")
                if item is not None:
                    return item(self.machine, Arguments((index,)), value.bound_to)
        return ANYTHING
