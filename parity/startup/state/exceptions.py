"""Which exceptions does an expression name, and does a handler of these take what was raised?"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from parity.startup.state.classes import class_attribute
from parity.startup.state.failures import RaisedValue, builtin_bases
from parity.startup.state.scope import Scope
from parity.startup.state.values import (
    ANYTHING,
    Class,
    Constant,
    External,
    Instance,
    Items,
    ModuleValue,
    Table,
    Value,
)


def named(node: ast.expr, scope: Scope) -> Value:
    """The classes that the expression of an `except` clause names.

    CPython evaluates it where an exception comes by. Here it is asked what would be, so nothing may be changed.
    """
    match node:
        case ast.Name():
            value = scope.load(node.id)
            if value is None or not scope.binds(node.id):  # hardly anybody hides a name of `builtins` unseen
                return External(f"builtins.{node.id}")
            return value
        case ast.Attribute():
            return _attribute(named(node.value, scope), node.attr)
        case ast.Tuple():
            made = Items("tuple", [])
            for part in node.elts:
                _add(made, named(part.value if isinstance(part, ast.Starred) else part, scope), part)
            return made
        case ast.BinOp(op=ast.Add()):
            made = Items("tuple", [])
            for side in (node.left, node.right):
                _add(made, named(side, scope), ast.Starred(side))
            return made
        case _:
            return ANYTHING


def _add(made: Items, value: Value, part: ast.expr) -> None:
    if not isinstance(part, ast.Starred):
        made.elements.append(value)
    elif isinstance(value, Items):
        made.elements += value.elements
        made.complete = made.complete and value.complete
    else:
        made.complete = False


def _attribute(owner: Value, name: str) -> Value:
    match owner:
        case ModuleValue():
            return owner.module.attribute(name) or ANYTHING
        case External():
            return External(f"{owner.name}.{name}")
        case Class():
            return class_attribute(owner, name) or ANYTHING
        case Instance():
            return owner.attributes.get(name) or class_attribute(owner.cls, name) or ANYTHING
        case _:
            return ANYTHING


def takes(classes: Value, bases: tuple[str, ...]) -> bool | None:
    """Does a handler of these classes take an exception with these bases? None where it cannot be told.

    A class of another package has no exception of Python's own above which it stands.
    """
    match classes:
        case External() | Class():
            return True if name_of(classes) in bases else None if SOME in bases else False
        case Items():
            answers = [takes(one, bases) for one in classes.elements]
            return True if True in answers else None if None in answers or not classes.complete else False
        case _:
            return None


def name_of(value: External | Class) -> str:
    """CPython: IOError, EnvironmentError, socket.error and the like are other names of OSError."""
    if isinstance(value, Class):
        return value.name
    name = value.name.removeprefix("builtins.")
    return (builtin_bases(name) or builtin_bases(_SAME.get(name, "")) or (name,))[0]


_SAME = dict.fromkeys(("os.error", "socket.error", "select.error"), "OSError")


SOME = "?"
"""Stands among the bases of an exception for classes that are not known."""


def class_of(value: Value) -> tuple[str, tuple[str, ...]]:
    """The name of the exception class that is raised with `value`, and the names of it and all above it.

    SOME is among them where classes may stand above it that are not known.
    """
    match value:
        case External():
            name = value.name.removeprefix("builtins.")
            return name.rpartition(".")[2], builtin_bases(name) or (name, SOME, "Exception", "BaseException")
        case Class():
            bases: list[str] = [value.name]
            for base in value.bases:
                bases += class_of(base)[1]
            return value.name, tuple(bases)
        case Instance():
            return class_of(value.cls)
        case Constant(value=str() | bytes() | int() | float()) | Items() | Table():
            return "TypeError", builtin_bases("TypeError")  # exceptions must derive from BaseException
        case _:
            return "Exception", (SOME, "Exception", "BaseException")


def takes_of_group(handlers: Sequence[Value], raised: RaisedValue) -> bool | None:
    """Do `except*` clauses of these classes take all of what was raised?

    CPython: a group that is not of such a class itself is taken member by member.
    """
    whole = [takes(classes, raised.bases) for classes in handlers]
    if True in whole or GROUP not in raised.bases:
        return True if True in whole else None if None in whole else False
    if raised.members is None:
        return None
    members = raised.members
    answers = [[takes(classes, bases) for classes in handlers] for bases in members]
    if all(True in one for one in answers):
        return True
    return None if any(None in one for one in answers) else False


GROUP = "BaseExceptionGroup"
"""What makes `except*` look at the members."""


def members_of(call: ast.Call, scope: Scope) -> tuple[tuple[str, ...], ...] | None:
    """The bases of each exception in `ExceptionGroup(text, [E(...), ...])`; None where they cannot be told."""
    listed = call.args[1] if len(call.args) == 2 else None
    if not isinstance(listed, ast.List | ast.Tuple):
        return None
    classes = [named(one.func if isinstance(one, ast.Call) else one, scope) for one in listed.elts]
    if not all(isinstance(one, External | Class) for one in classes):
        return None
    every = tuple(class_of(one)[1] for one in classes)
    return None if any(GROUP in bases for bases in every) else every  # CPython looks into groups in groups


LEAVING = ("sys.exit", "builtins.exit", "builtins.quit", "os._exit")
"""What ends the process."""


def leaving(body: Sequence[ast.stmt], raised: RaisedValue, scope: Scope) -> RaisedValue | None:
    """What the handler with this body certainly raises, or ends the process with; None where it may get over it."""
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Return | ast.Break | ast.Continue):
            return None
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            todo += ast.iter_child_nodes(node)
    match body[-1]:
        case ast.Raise(exc=None):
            return raised
        case ast.Raise(exc=ast.expr() as made):
            classes = named(made.func if isinstance(made, ast.Call) else made, scope)
            return raised if not isinstance(classes, External | Class) else RaisedValue(*class_of(classes))
        case ast.Expr(value=ast.Call(func=function)):
            ends = named(function, scope)
            if isinstance(ends, External) and ends.name in LEAVING:
                return RaisedValue("SystemExit", builtin_bases("SystemExit"))
    return None
