"""Which attributes may the loaded modules give to objects, wherever in their texts?

An object's attributes are followed where the code that gives them is. What nobody mentions, nobody gives.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from parity.startup.state.classes import class_attribute, only_ours, order
from parity.startup.state.modules import Module
from parity.startup.state.values import ESCAPED, Class, Instance

_HOOKS = ("__getattr__", "__getattribute__", "__new__")
_OPEN = frozenset(("__dict__", "__class__", "__setstate__"))


class Mentions:
    """Reads each module once, when it is first asked about."""

    def __init__(self) -> None:
        self._of: dict[Module, frozenset[str]] = {}

    def certainly_lacks(self, value: Instance | Class, name: str, modules: Iterable[Module]) -> bool:
        """Has the object, made of classes of the project alone, no such attribute?"""
        cls = value.cls if isinstance(value, Instance) else value
        if name.startswith("__") or hasattr(type, name) or not only_ours(cls):
            return False
        if cls.metaclass is not None or any(class_attribute(cls, hook) is not None for hook in _HOOKS):
            return False
        if class_attribute(cls, name) is not None:
            return False
        if isinstance(value, Instance) and not value.attributes.keys().isdisjoint((name, ESCAPED)):
            return False
        first = [one.module for one in order(cls) if isinstance(one, Class)]
        return all(self._read(module).isdisjoint((name, ESCAPED)) for module in (*first, *modules))

    def _read(self, module: Module) -> frozenset[str]:
        known = self._of.get(module)
        if known is None:
            known = self._of[module] = frozenset(_mentioned(module.body))
        return known


def _mentioned(body: Sequence[ast.stmt]) -> Iterable[str]:
    """The attributes that are stored, texts, keywords and annotated names; ESCAPED where any may be given."""
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        match node:
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr
            case ast.Attribute() if node.attr in _OPEN:
                yield ESCAPED
            case ast.Constant(value=str() as text) if text.isidentifier():
                yield text
            case ast.keyword(arg=str() as name):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Call(func=ast.Name(id="vars")):
                yield ESCAPED
            case ast.Call(func=ast.Name(id="setattr"), args=[_, given, *_]) if not isinstance(
                given, ast.Constant
            ):
                yield ESCAPED
            case _:
                pass
        todo.extend(ast.iter_child_nodes(node))
