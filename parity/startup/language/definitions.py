"""What does a `def` or a `class` statement run, and what does it bind?"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import lru_cache

from msgspec.structs import replace

from parity.startup.language.dataclass import Refused, made_init
from parity.startup.language.expressions import Expressions
from parity.startup.language.flow import Block
from parity.startup.library.functools import TRANSPARENT
from parity.startup.state.classes import DATACLASS, class_attribute
from parity.startup.state.enumerations import has_members
from parity.startup.state.machine import Machine
from parity.startup.state.modules import Module
from parity.startup.state.namespace import Namespace
from parity.startup.state.scope import Scope, declared, of_type_parameters
from parity.startup.state.values import (
    ANYTHING,
    ESCAPED,
    Arguments,
    Binds,
    Class,
    Constant,
    External,
    Function,
    Items,
    Scalar,
    Table,
    Value,
)


class Definitions:
    """Runs definitions for one `Machine`; `block` runs a class body."""

    def __init__(self, machine: Machine, expressions: Expressions, block: Block) -> None:
        self.machine = machine
        self.expressions = expressions
        self.block = block

    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        decorators = [self.expressions.evaluate(decorator, scope) for decorator in node.decorator_list]
        defaults = self.expressions.calls.defaults(node.args, scope)
        typed = of_type_parameters(node, scope)
        if self.annotations_run(scope.module):
            self._annotations(node, typed)
        function: Value = Function(node, scope.module, typed.inner(), defaults)
        scope.bind(node.name, self._decorate(function, decorators, node.decorator_list))

    def _annotations(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        arguments = node.args
        every = [
            *arguments.posonlyargs,
            *arguments.args,
            arguments.vararg,
            *arguments.kwonlyargs,
            arguments.kwarg,
        ]
        for argument in every:
            if argument is not None and argument.annotation is not None:
                self.machine.at(argument.annotation.lineno)
                self.expressions.evaluate(argument.annotation, scope)
        if node.returns is not None:
            self.machine.at(node.returns.lineno)
            self.expressions.evaluate(node.returns, scope)

    def annotations_run(self, module: Module) -> bool:
        """PEP 563 and PEP 649: with the future import, and from 3.14 on, annotations are not evaluated."""
        python = self.machine.world.python
        if python is None or python >= (3, 14):
            return False
        return not isinstance(module.namespace.values.get("annotations"), External)

    def _make_dataclass(self, cls: Class, options: External, body: Sequence[ast.stmt] | None) -> None:
        made = None if body is None else made_init(cls, body, options)
        if isinstance(made, Refused):
            self.machine.refuse(made.exception, made.text)
        cls.namespace.bind(DATACLASS, made if isinstance(made, Function) else ANYTHING)

    def _decorate(
        self,
        value: Value,
        decorators: list[Value],
        nodes: list[ast.expr],
        body: Sequence[ast.stmt] | None = None,
    ) -> Value:
        """`body`: of a class; its fields are written there as long as no decorator may have changed them."""
        for decorator, node in zip(reversed(decorators), reversed(nodes), strict=True):
            if isinstance(decorator, External) and decorator.name in TRANSPARENT:
                if isinstance(value, Function):
                    value.given.add(ESCAPED)
                    value = replace(value, binds=_BINDING.get(decorator.name, value.binds))
                elif isinstance(value, Class) and decorator.name == "dataclasses.dataclass":
                    self.machine.at(node.lineno)
                    self._make_dataclass(value, decorator, body)
                continue
            self.machine.at(node.lineno)
            value = self.expressions.calls.call(decorator, Arguments((value,)))
            body = None
        return value

    def define_class(self, node: ast.ClassDef, scope: Scope) -> None:
        decorators = [self.expressions.evaluate(decorator, scope) for decorator in node.decorator_list]
        typed = of_type_parameters(node, scope)
        bases = tuple(self.expressions.evaluate(base, typed) for base in node.bases)
        keywords = {keyword.arg: self.expressions.evaluate(keyword.value, typed) for keyword in node.keywords}
        names = Namespace({"__module__": Constant(scope.module.name), "__qualname__": Constant(node.name)})
        if typed is not scope:
            names.bind("__type_params__", ANYTHING)
        cell = Namespace(locals=frozenset({"__class__"}))  # CPython: what `super()` in its methods looks up
        outer = (*typed.inner(), cell)
        self.machine.at(node.lineno)
        with self.machine.frame(scope.module, node.lineno):
            self.block(node.body, Scope(scope.module, names, outer, declared=declared(node)))
        metaclass = keywords.pop("metaclass", None) or _metaclass(bases)
        if (full := next((b for b in bases if isinstance(b, Class) and has_members(b)), None)) is not None:
            self.machine.at(node.lineno)
            self.machine.refuse("TypeError", f"<enum {node.name!r}> cannot extend <enum {full.name!r}>")
        made = Class(node.name, scope.module, bases, names, metaclass)
        cell.bind("__class__", made)
        self._created(made, keywords)
        scope.bind(node.name, self._decorate(made, decorators, node.decorator_list, node.body))
        for name in _globals_of_finalizer(node):
            scope.module.namespace.bind_from_outside(name, ANYTHING, doubtful=True)

    def _created(self, cls: Class, keywords: dict[str | None, Value]) -> None:
        """CPython: `type.__call__` of the metaclass; `type.__new__` calls the next `__init_subclass__` above."""
        expressions, meta = self.expressions, cls.metaclass
        for hook, first in (("__new__", meta), ("__init__", cls)):
            method = class_attribute(meta, hook) if isinstance(meta, Class) else None
            if isinstance(method, Function):
                bases = Items("tuple", list(cls.bases), complete=ANYTHING not in cls.bases)
                arguments = Arguments((Constant(cls.name), bases, ANYTHING), complete=False)
                expressions.calls.call(replace(method, bound_to=first), arguments)
        for base in cls.bases:
            method = class_attribute(base, "__init_subclass__") if isinstance(base, Class) else None
            if isinstance(method, Function):
                named = {name: value for name, value in keywords.items() if name is not None}
                arguments = Arguments((), named, None not in keywords)
                expressions.calls.call(replace(method, bound_to=cls), arguments)
                break


_BINDING = {"builtins.classmethod": Binds.CLASS, "builtins.staticmethod": Binds.NOTHING}


def _globals_of_finalizer(node: ast.ClassDef) -> frozenset[str]:
    """`__del__` runs when nobody says: the names of the module that it binds may be bound at any time."""
    finalizers = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__del__"]
    return frozenset().union(*(declared(one).globals for one in finalizers))


def _metaclass(bases: tuple[Value, ...]) -> Value | None:
    """The one that the bases have, where it is the project's own."""
    return next((base.metaclass for base in bases if isinstance(base, Class) and base.metaclass), None)


def bind_parameters(function: Function, arguments: Arguments, scope: Scope) -> None:
    """The parameters of the function are bound to the arguments of a call."""
    node = function.node.args
    given = list(arguments.positional)
    if function.bound_to is not None:
        given.insert(0, function.bound_to)
    named = [*node.posonlyargs, *node.args]
    for index, parameter in enumerate(named):
        if index < len(given):
            value: Value | None = given[index]
        else:
            value = arguments.keywords.get(parameter.arg)
            if value is None:
                value = function.defaults.get(parameter.arg) if arguments.complete else ANYTHING
        scope.names.bind(parameter.arg, value if value is not None else ANYTHING)
    for parameter in node.kwonlyargs:
        value = arguments.keywords.get(parameter.arg)
        if value is None:
            value = function.defaults.get(parameter.arg) if arguments.complete else ANYTHING
        scope.names.bind(parameter.arg, value if value is not None else ANYTHING)
    if node.vararg is not None:
        scope.names.bind(node.vararg.arg, Items("tuple", given[len(named) :], arguments.complete))
    if node.kwarg is not None:
        taken = {parameter.arg for parameter in (*node.args, *node.kwonlyargs)}
        rest: dict[Scalar, Value] = {k: v for k, v in arguments.keywords.items() if k not in taken}
        scope.names.bind(node.kwarg.arg, Table(rest, arguments.complete))


@lru_cache(maxsize=20_000)
def yields(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Is it a generator?"""
    todo: list[ast.AST] = list(node.body)
    while todo:
        inner = todo.pop()
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            todo.extend(ast.iter_child_nodes(inner))
    return False
