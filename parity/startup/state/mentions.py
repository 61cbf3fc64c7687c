"""Which attributes may the loaded modules give to objects, wherever in their texts?

An object's attributes are followed where the code that gives them is. What nobody mentions, nobody gives.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from msgspec import Struct

from parity.startup.state.classes import class_attribute, only_ours, order
from parity.startup.state.modules import Module, child_nodes
from parity.startup.state.values import ESCAPED, Class, Instance

_HOOKS = ("__getattr__", "__getattribute__", "__new__")
_OPEN = frozenset(("__dict__", "__class__", "__setstate__", "__setattr__", "setattr", "vars", "exec", "eval"))
"""By these any attribute may be given, unless the call says which."""


class _Mentioned(Struct, frozen=True):
    """`given`: the attributes that are stored, ESCAPED where any may be; `said`: names by which one may be given.

    Those are texts, keywords and annotated names.
    """

    given: frozenset[str]
    said: frozenset[str]


class Mentions:
    """Reads each module once, when it is first asked about."""

    def __init__(self) -> None:
        self._known: dict[Module, _Mentioned] = {}

    def certainly_lacks(self, value: Instance | Class, name: str, modules: Iterable[Module]) -> bool:
        """Has the object, made of classes of the project alone, no such attribute?"""
        cls = value.cls if isinstance(value, Instance) else value
        if name.startswith("_") and "__" in name:  # CPython mangles private names
            return False
        if hasattr(type, name) or not _is_plain(cls):
            return False
        if class_attribute(cls, name) is not None:
            return False
        if isinstance(value, Instance) and not value.attributes.keys().isdisjoint((name, ESCAPED)):
            return False
        every = map(self._in, (*_home(cls), *modules))
        return all(one.given.isdisjoint((name, ESCAPED)) and name not in one.said for one in every)

    def keeps(self, cls: Class, name: str, modules: Iterable[Module]) -> bool:
        """Has the attribute of the class the value that the class's body gives it, and no other?"""
        return (
            _is_plain(cls)
            and not any(ESCAPED in self._in(module).given for module in _home(cls))
            and not any(name in self._in(module).given for module in modules)
        )

    def _in(self, module: Module) -> _Mentioned:
        known = self._known.get(module)
        if known is None:
            known = self._known[module] = _mentioned(module.body)
        return known


def _is_plain(cls: Class) -> bool:
    """Are all its classes the project's own and read whole, and none decides itself what attributes it has?"""
    hooks = (class_attribute(cls, hook) for hook in _HOOKS)
    closed = only_ours(cls) and not any(one.namespace.open for one in order(cls) if isinstance(one, Class))
    return closed and cls.metaclass is None and all(hook is None for hook in hooks)


def _home(cls: Class) -> list[Module]:
    """The modules of the classes that it is made of."""
    return [one.module for one in order(cls) if isinstance(one, Class)]


def _mentioned(body: Sequence[ast.stmt]) -> _Mentioned:
    given: set[str] = set()
    said: set[str] = set()
    says: set[ast.AST] = set()
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        match node:
            case ast.Attribute(ctx=ast.Store()):
                given.add(node.attr)
            case ast.Call(
                func=ast.Name(id="setattr") | ast.Attribute(attr="__setattr__") as function,
                args=[_, ast.Constant(value=str() as name), _] | [ast.Constant(value=str() as name), _],
            ):
                says.add(function)
                given.add(name)
            case ast.Attribute(attr=name) | ast.Name(id=name) if name in _OPEN and node not in says:
                given.add(ESCAPED)
            case ast.Constant(value=str() as text) if text.isidentifier():
                said.add(text)
            case ast.keyword(arg=str() as name) | ast.AnnAssign(target=ast.Name(id=name)):
                said.add(name)
            case _:
                pass
        todo += child_nodes(node)
    return _Mentioned(frozenset(given), frozenset(said))
