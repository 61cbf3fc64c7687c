"""What do the context managers of a `with` statement run, before and after its body?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from msgspec.structs import replace

from parity.startup.language.assignment import Assignment
from parity.startup.language.expressions import Expressions
from parity.startup.language.flow import Block, Flow
from parity.startup.library import contextlib, sys_modules
from parity.startup.state.classes import class_attribute
from parity.startup.state.exceptions import takes, takes_of_group
from parity.startup.state.failures import Raised, RaisedValue, Stopped
from parity.startup.state.machine import Machine
from parity.startup.state.scope import Scope
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Coroutine,
    External,
    Function,
    Instance,
    Items,
    Managed,
    Value,
)


class Managers:
    """Runs `with` for one `Machine`; `block` runs its body."""

    def __init__(
        self,
        machine: Machine,
        expressions: Expressions,
        assignment: Assignment,
        block: Block,
    ) -> None:
        self.machine = machine
        self.expressions = expressions
        self.assignment = assignment
        self.block = block

    def run_with(self, node: ast.With | ast.AsyncWith, scope: Scope) -> Flow:
        return self._enter(node.items, node.body, scope, awaited=isinstance(node, ast.AsyncWith))

    def _enter(
        self, items: Sequence[ast.withitem], body: Sequence[ast.stmt], scope: Scope, *, awaited: bool
    ) -> Flow:
        """`with a, b:` is `with a:` around `with b:`."""
        if not items:
            return self.block(body, scope)
        item, rest = items[0], items[1:]
        manager = self.expressions.evaluate(item.context_expr, scope)

        def inside(value: Value) -> Flow:
            if item.optional_vars is not None:
                self.assignment.assign(item.optional_vars, value, scope)
            return self._enter(rest, body, scope, awaited=awaited)

        match manager:
            case Managed():
                return self._generated(manager, inside)
            case Instance():
                return self._called(manager, inside, "__a" if awaited else "__")
            case External(name="io.TextIOWrapper"):
                return inside(manager)
            case External(name=contextlib.SUPPRESS, bound_to=Items() as classes):
                return self._guarded(lambda raised: self._suppresses(classes, raised), inside, ANYTHING)
            case External(name=contextlib.STACK, bound_to=Items() as entered):
                return self._guarded(lambda raised: self._swallows(entered, raised), inside, manager)
            case External(name=sys_modules.PATCHED):
                return self._patched(manager, inside)
            case _:
                return inside(ANYTHING)

    def _guarded(
        self,
        catches: Callable[[RaisedValue], bool | None],
        inside: Callable[[Value], Flow],
        value: Value,
    ) -> Flow:
        """The body, and nothing more where what it raises is swallowed."""
        try:
            with self.machine.guarded(catches) as guard:
                return inside(value)
        except Raised as raised:
            if raised.guard is not guard:
                raise
            return Flow.NEXT

    def _suppresses(self, classes: Items, raised: RaisedValue) -> bool | None:
        """Does `suppress(*classes)`? From 3.12 on it looks into groups."""
        python = self.machine.world.python
        looks_inside = python is None or python >= (3, 12)
        return takes_of_group([classes], raised) if looks_inside else takes(classes, raised.bases)

    def _swallows(self, stack: Items, raised: RaisedValue) -> bool | None:
        """Does one of the managers that an `ExitStack` was told to enter swallow it?"""
        verdict: bool | None = False if stack.complete else None
        for manager in stack.elements:
            match manager:
                case External(name=contextlib.SUPPRESS, bound_to=Items() as classes):
                    takes_it = self._suppresses(classes, raised)
                case Instance():
                    leaving = self._method(manager, "__exit__")
                    takes_it = None if leaving is not None and _may_swallow(leaving) else False
                case Managed():
                    takes_it = None if _may_catch(manager.function) else False
                case _:
                    takes_it = False
            if takes_it:
                return True
            verdict = None if takes_it is None else verdict
        return verdict

    def _patched(self, manager: External, inside: Callable[[Value], Flow]) -> Flow:
        """CPython: when `patch.dict` is left, the dict is again what it was, with nothing that was added since."""
        importing = self.machine.importing
        before = dict(importing.modules)
        sys_modules.put_all(self.machine, manager.bound_to)
        try:
            return inside(ANYTHING)
        finally:
            for name in importing.modules.keys() - before.keys():
                del importing.modules[name]
            importing.modules.update(before)

    def _called(self, manager: Instance, inside: Callable[[Value], Flow], prefix: str) -> Flow:
        """`__enter__` and `__exit__`, or `__aenter__` and `__aexit__`, of the project's own.

        One that returns something when it is left may swallow.
        """

        def leave() -> None:
            self._hook(manager, f"{prefix}exit__")

        entered = self._hook(manager, f"{prefix}enter__")
        leaving = self._method(manager, f"{prefix}exit__")
        if leaving is None:
            return inside(entered)
        cleanup = self.machine.before_cleanup(leave)
        try:
            with self._doubt(_may_swallow(leaving)):
                flow = inside(entered)
        except (Raised, Stopped):
            if self.machine.owes(cleanup):
                leave()
            raise
        if self.machine.owes(cleanup):
            leave()
        return flow

    def _generated(self, manager: Managed, inside: Callable[[Value], Flow]) -> Flow:
        """`@contextmanager`: the body runs where the generator yields, and what it raises is raised there.

        In the traceback of the body the generator does not stand (CPython: `_GeneratorContextManager.__exit__`).
        """
        flows: list[Flow] = []
        begun: list[Value] = []
        here = list(self.machine.frames)

        def body(value: Value) -> None:
            begun.append(value)
            generator, self.machine.frames = self.machine.frames, here
            try:
                flows.append(inside(value))
            finally:
                self.machine.frames = generator

        self.machine.interpreting.manage(manager, body)
        if not begun:  # it cannot be told where, or whether, it yields
            with self._doubt(_may_catch(manager.function)):
                return inside(ANYTHING)
        return flows[0] if flows else Flow.NEXT  # nothing: it has swallowed what the body raised

    def _doubt(self, doubtful: bool) -> AbstractContextManager[None]:
        return self.machine.in_doubt() if doubtful else nullcontext()

    def _method(self, manager: Instance, name: str) -> Function | None:
        found = class_attribute(manager.cls, name)
        return found if isinstance(found, Function) else None

    def _hook(self, manager: Instance, name: str) -> Value:
        method = self._method(manager, name)
        if method is None:
            return ANYTHING
        given = (ANYTHING,) * 3 if name.endswith("exit__") else ()
        calls = self.expressions.calls
        got = calls.call(replace(method, bound_to=manager), Arguments(given))
        return calls.run_coroutine(got) if isinstance(got, Coroutine) else got


def _may_catch(function: Function) -> bool:
    return any(isinstance(one, ast.Try | ast.With | ast.AsyncWith) for one in ast.walk(function.node))


def _may_swallow(leave: Function) -> bool:
    """Does `__exit__` return anything but None and False?"""
    todo: list[ast.AST] = list(leave.node.body) if isinstance(leave.node.body, list) else []
    while todo:
        one = todo.pop()
        if isinstance(one, ast.Return) and one.value is not None:
            if not (isinstance(one.value, ast.Constant) and not one.value.value):
                return True
        elif not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            todo.extend(ast.iter_child_nodes(one))
    return False
