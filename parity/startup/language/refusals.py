"""Which operations do values of a known type refuse, and with which words?

Only types are asked, which nothing changes; what None stands for may be bound by code that is not followed.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from parity.startup.state.machine import Machine
from parity.startup.state.values import Constant, External, Function, Items, ModuleValue, Table, Value

_NUMBERS = frozenset(("int", "float"))
_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}


def kind(value: Value) -> str:
    """The name of its type, where that is known; else ""."""
    match value:
        case Constant(value=None | True | False) | Constant(assumed=True):
            return ""  # `a and b` is told as True where it is some true value
        case Constant():
            return type(value.value).__name__
        case Items(kind="list" | "tuple" | "set" as name):
            return name
        case Table():
            return "dict"
        case ModuleValue() if not value.module.is_open:
            return "module"
        case Function():
            return "function"
        case _:
            return ""


def refuse_call(machine: Machine, value: Value) -> bool:
    name = kind(value)
    if isinstance(value, External) and "." not in value.name and machine.world.standard(value.name):
        name = "module"
    if name in ("", "function"):
        return False
    machine.refuse("TypeError", f"{name!r} object is not callable")
    return True


def refuse_iteration(machine: Machine, value: Value) -> None:
    if (name := kind(value)) in _NUMBERS | {"function", "module"}:
        machine.refuse("TypeError", f"{name!r} object is not iterable")


def refuse_unpacking(machine: Machine, value: Value, wanted: int) -> None:
    """`a, b = value`."""
    if (name := kind(value)) in _NUMBERS | {"function", "module"}:
        machine.refuse("TypeError", f"cannot unpack non-iterable {name} object")
    if not isinstance(value, Items) or not value.is_as_written or value.kind not in ("list", "tuple"):
        return
    if len(value.elements) < wanted:
        text = f"not enough values to unpack (expected {wanted}, got {len(value.elements)})"
        machine.refuse("ValueError", text)
    elif len(value.elements) > wanted:
        machine.refuse("ValueError", f"too many values to unpack (expected {wanted})")


def refuse_subscript(machine: Machine, value: Value, index: Value) -> None:
    """`value[index]`."""
    if (name := kind(value)) in _NUMBERS | {"function", "module", "set"}:
        machine.refuse("TypeError", f"{name!r} object is not subscriptable")
    if not (isinstance(value, Table) and value.is_as_written and isinstance(index, Constant)):
        return
    if not index.assumed and index.value not in value.entries:
        machine.refuse("KeyError", repr(index.value))


def refuse_operation(
    machine: Machine, perform: Callable[[Any, Any], object], left: Value, right: object, after: Value
) -> None:
    """`left <operation> right`: `right` is the plain value of `after`."""
    if not isinstance(left, Constant) or not kind(left) or not kind(after):
        return
    try:
        perform(left.value, right)
    except TypeError as error:
        machine.refuse("TypeError", str(error))
    except Exception:
        return


def refuse_comparison(machine: Machine, operation: ast.cmpop, left: Value, right: Value) -> None:
    perform = _ORDER.get(type(operation))
    if perform is not None and isinstance(right, Constant) and kind(right):
        refuse_operation(machine, perform, left, right.value, right)


def refuse_zero(machine: Machine, operation: ast.operator, left: Value, right: object) -> None:
    """A number is divided by a zero that is written out."""
    zero = isinstance(right, int | float) and right == 0
    if zero and isinstance(operation, ast.Div | ast.FloorDiv | ast.Mod) and kind(left) in _NUMBERS:
        plain = isinstance(operation, ast.Div) and not isinstance(right, float)
        machine.refuse(
            "ZeroDivisionError", "division by zero" if plain else "integer division or modulo by zero"
        )
