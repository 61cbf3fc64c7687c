"""What do operators give, of values that are known?"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from parity.startup.language.refusals import refuse_operation
from parity.startup.library.calls import known_call
from parity.startup.library.methods import method_of
from parity.startup.state.budget import LONGEST_TEXT, Bound
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Class,
    Constant,
    External,
    FilePath,
    Function,
    Items,
    ModuleValue,
    Spec,
    Table,
    Value,
    is_assumed,
    truth,
)

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mod: operator.mod,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: operator.contains(b, a),
    ast.NotIn: lambda a, b: not operator.contains(b, a),
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}


def combine(machine: Machine, operation: ast.operator, left: Value, right: Value) -> Value:
    """`left <operation> right`."""
    if isinstance(left, FilePath) and isinstance(operation, ast.Div):
        return method_call(machine, left, "joinpath", right)
    if isinstance(left, Items) and isinstance(operation, ast.Add) and left.kind != "set":
        if isinstance(right, Items):
            return machine.sized(
                Items(
                    left.kind,
                    left.elements + right.elements,
                    left.complete and right.complete,
                )
            )
        return Items(left.kind, list(left.elements), complete=False)
    perform = _ARITHMETIC.get(type(operation))
    if perform is None or not isinstance(left, Constant):
        return ANYTHING
    operand = plain(right)
    if operand is _NOT_PLAIN or (isinstance(left.value, str | bytes) and isinstance(operation, ast.Mod)):
        if isinstance(left.value, str) and isinstance(operation, ast.Mod):
            return _percent(machine, left, operand)
        return ANYTHING
    try:
        result = perform(left.value, operand)
    except Exception:
        refuse_operation(machine, perform, left, operand, right)
        return ANYTHING
    return machine.sized(_constant(result, left.assumed or is_assumed(right)))


_NOT_PLAIN = object()


def method_call(machine: Machine, value: Value, name: str, *arguments: Value) -> Value:
    """`value.name(*arguments)` of a value that is not the project's."""
    method = method_of(value, name)
    known = known_call(method.name) if isinstance(method, External) else None
    return known(machine, Arguments(arguments), value) if known else ANYTHING


_MAKING: dict[str, Callable[[list[Any]], object]] = {"list": list, "tuple": tuple, "set": set}


def plain(value: Value) -> object:
    if isinstance(value, Constant):
        return value.value
    if (
        isinstance(value, Items)
        and value.kind in _MAKING
        and value.complete
        and all(isinstance(e, Constant) for e in value.elements)
    ):
        plain = [e.value for e in value.elements if isinstance(e, Constant)]
        return _MAKING[value.kind](plain)
    if isinstance(value, Table) and value.complete:
        return dict.fromkeys(value.entries)
    if isinstance(value, FilePath):
        return _NOT_PLAIN
    return _NOT_PLAIN


def _constant(value: object, assumed: bool) -> Value:
    return Constant(value, assumed) if isinstance(value, str | bytes | int | float | None) else ANYTHING


def unary(operation: ast.unaryop, value: Value) -> Value:
    if isinstance(operation, ast.Not):
        known = truth(value)
        return ANYTHING if known is None else Constant(not known, is_assumed(value))
    if isinstance(operation, ast.USub) and isinstance(value, Constant) and isinstance(value.value, int):
        return Constant(-value.value, value.assumed)
    return ANYTHING


def _percent(machine: Machine, left: Constant, operand: object) -> Value:
    text = left.value
    if operand is _NOT_PLAIN or not isinstance(text, str) or "*" in text or any(c.isdigit() for c in text):
        return ANYTHING  # widths are not followed: they could make a text of any length
    given = operand if isinstance(operand, tuple) else (operand,)
    if sum(len(part) for part in given if isinstance(part, str)) > LONGEST_TEXT:
        machine.reach(Bound.TEXT, f"more than {LONGEST_TEXT}")
        return ANYTHING
    try:
        return _constant(text % operand, left.assumed)
    except Exception:
        return ANYTHING


def compared(operation: ast.cmpop, left: Value, right: Value) -> Value:
    if isinstance(operation, ast.Is | ast.IsNot):
        one, other = left, right
        if not any(
            isinstance(v, Constant) and (v.value is None or isinstance(v.value, bool)) for v in (one, other)
        ):
            return ANYTHING  # only of None, True and False there is one each
        if isinstance(one, Constant) and isinstance(other, Constant):
            same = one.value is other.value
            return Constant(same is isinstance(operation, ast.Is), one.assumed or other.assumed)
        rest = other if isinstance(one, Constant) else one
        if isinstance(rest, Function | Class | ModuleValue | Items | Table | FilePath | Spec):
            return Constant(isinstance(operation, ast.IsNot))
        return ANYTHING
    if isinstance(left, Items) and left.kind == "version":
        return _version_compared(operation, left, right)
    if isinstance(right, Items) and right.kind == "version" and type(operation) in _MIRRORED:
        return _version_compared(_MIRRORED[type(operation)](), right, left)
    one_plain, other_plain = plain(left), plain(right)
    if one_plain is _NOT_PLAIN or other_plain is _NOT_PLAIN:
        return ANYTHING
    perform = _COMPARISONS[type(operation)]
    if isinstance(operation, ast.Eq | ast.NotEq) and not _comparable(left, right):
        return ANYTHING
    try:
        result = perform(one_plain, other_plain)
    except Exception:
        return ANYTHING
    return Constant(bool(result), is_assumed(left) or is_assumed(right))


_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}


def _comparable(left: Value, right: Value) -> bool:
    """Is nothing left out of them? What stands for a list may be another iterable; of a dict the keys are plain."""
    if isinstance(left, Table) or isinstance(right, Table):
        return isinstance(left, Constant) or isinstance(right, Constant)
    return not (isinstance(left, Items) and isinstance(right, Items)) or left.kind == right.kind


def _version_compared(operation: ast.cmpop, version: Items, other: Value) -> Value:
    """`sys.version_info >= (3, 8)`: major and mostly minor are known, the rest is some further number."""
    wanted = plain(other)
    have = tuple(e.value for e in version.elements if isinstance(e, Constant))
    if not isinstance(wanted, tuple) or not all(isinstance(number, int) for number in wanted[: len(have)]):
        return ANYTHING  # of `(3, 14, 0, "beta")` the numbers decide, mostly
    if have == wanted[: len(have)] and len(wanted) > len(have):
        return ANYTHING
    # (3, 11, 4, "final", 0) is longer, so greater, than (3, 11)
    return Constant(bool(_COMPARISONS[type(operation)]((*have, 0), wanted)))


def sliced(value: Value, bounds: list[Value]) -> Value:
    limits: list[int | None] = []
    for bound in bounds:
        if not (isinstance(bound, Constant) and (bound.value is None or isinstance(bound.value, int))):
            return ANYTHING
        limits.append(bound.value)
    lower, upper = limits
    if isinstance(value, Items) and value.complete and value.kind != "set":
        if value.kind == "version" and (upper is None or not 0 <= upper <= 2):
            return ANYTHING if lower else value  # what follows major and minor is not known
        kind = "tuple" if value.kind == "version" else value.kind
        return Items(kind, value.elements[lower:upper])
    if isinstance(value, Constant) and isinstance(value.value, str):
        return Constant(value.value[lower:upper], value.assumed)
    return ANYTHING
