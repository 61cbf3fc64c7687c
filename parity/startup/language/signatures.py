"""Does a call fit the parameters of a function, and what does CPython say where it does not?"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from parity.startup.state.values import Arguments, Binds, Function

_CHANGING = frozenset(("__defaults__", "__kwdefaults__", "__code__"))
_BOUND_OTHERWISE = frozenset(("__new__", "__class_getitem__", "__init_subclass__"))
"""CPython makes static or class methods of them."""


def refusal(function: Function, arguments: Arguments) -> str:
    """The text of CPython's TypeError; "" where the call fits, or its arguments are not all known.

    CPython: `initialize_locals` in ceval.c, in its order.
    """
    node = function.node
    if not arguments.complete or not function.given.isdisjoint(_CHANGING):
        return ""
    if not isinstance(node, ast.Lambda) and len(node.decorator_list) > (function.binds is not Binds.OBJECT):
        return ""
    parameters = node.args
    named = [one.arg for one in (*parameters.posonlyargs, *parameters.args)]
    by_position = {one.arg for one in parameters.posonlyargs}
    keyword_only = [one.arg for one in parameters.kwonlyargs]
    if function.name in _BOUND_OTHERWISE or any(one.startswith("__") for one in (*named, *keyword_only)):
        return ""  # CPython mangles such a parameter of a method
    given = len(arguments.positional) + (function.bound_to is not None)
    filled = set(named[:given])
    for keyword in arguments.keywords:
        if keyword in keyword_only or (keyword in named and keyword not in by_position):
            if keyword in filled:
                return f"got multiple values for argument {keyword!r}"
            filled.add(keyword)
        elif parameters.kwarg is None:
            wrong = [one for one in arguments.keywords if one in by_position]
            if wrong:
                told = ", ".join(wrong)
                return f"got some positional-only arguments passed as keyword arguments: {told!r}"
            return f"got an unexpected keyword argument {keyword!r}"
    if given > len(named) and parameters.vararg is None:
        return _too_many(len(named), len(parameters.defaults), given)
    required = named[: len(named) - len(parameters.defaults)]
    missing = [one for one in required if one not in filled]
    if missing:
        return _missing(missing, "positional")
    defaults = zip(keyword_only, parameters.kw_defaults, strict=True)
    missing = [one for one, default in defaults if default is None and one not in filled]
    return _missing(missing, "keyword-only") if missing else ""


def _too_many(most: int, optional: int, given: int) -> str:
    takes = f"from {most - optional} to {most}" if optional else str(most)
    plural = "" if most == 1 and not optional else "s"
    return f"takes {takes} positional argument{plural} but {given} {'was' if given == 1 else 'were'} given"


def _missing(names: Sequence[str], kind: str) -> str:
    quoted = [repr(name) for name in names]
    listed = quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
    listed = listed if len(quoted) < 3 else f"{', '.join(quoted[:-1])}, and {quoted[-1]}"
    return f"missing {len(names)} required {kind} argument{'s' if len(names) > 1 else ''}: {listed}"


def qualified(function: Function) -> str:
    """Its `__qualname__`."""
    path = next(_paths(function.module.body, function.node, ""), None)
    return path or function.name


def _paths(body: Sequence[ast.AST], wanted: ast.AST, above: str) -> Iterator[str]:
    for node in body:
        name = "<lambda>" if isinstance(node, ast.Lambda) else getattr(node, "name", "")
        if node is wanted:
            yield above + name
        if isinstance(node, ast.ClassDef):
            yield from _paths(list(ast.iter_child_nodes(node)), wanted, f"{above}{name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _paths(list(ast.iter_child_nodes(node)), wanted, f"{above}{name}.<locals>.")
        else:
            yield from _paths(list(ast.iter_child_nodes(node)), wanted, above)
