"""Which handler takes an exception, and what do `try` and `raise` do?"""

from __future__ import annotations

import ast

from msgspec.structs import replace

from parity.model.location import Unknown
from parity.startup.language.expressions import Expressions
from parity.startup.language.flow import Block, Flow
from parity.startup.library.sys import leave
from parity.startup.state.exceptions import GROUP, class_of, leaving, members_of, named, takes, takes_of_group
from parity.startup.state.failures import Failure, FailureKind, Raised, RaisedValue, Stopped, builtin_bases
from parity.startup.state.machine import Machine
from parity.startup.state.modules import bindings
from parity.startup.state.questions import leave_open
from parity.startup.state.scope import Scope
from parity.startup.state.values import ANYTHING, Anything, Caught, Value, is_assumed, text_of, truth
from parity.verdict.question import Kind


class Handlers:
    """Runs the statements about exceptions for one `Machine`; `block` runs their blocks."""

    def __init__(self, machine: Machine, expressions: Expressions, block: Block) -> None:
        self.machine = machine
        self.expressions = expressions
        self.block = block

    def run_try(self, node: ast.Try | ast.TryStar, scope: Scope) -> Flow:
        cleanup = self.machine.before_cleanup(lambda: self.block(node.finalbody, scope))
        try:
            flow = self._guarded(node, scope)
        except (Raised, Stopped):
            if self.machine.owes(cleanup):
                self.block(node.finalbody, scope)
            raise
        last = self.block(node.finalbody, scope) if self.machine.owes(cleanup) else Flow.NEXT
        return flow if last is Flow.NEXT else last

    def _guarded(self, node: ast.Try | ast.TryStar, scope: Scope) -> Flow:
        """The body, and the handler or the else block that follows from how it ends."""
        before = self.machine.undecided
        try:
            with self.machine.guarded(
                lambda raised: self._catches(node, raised, scope),
                lambda raised: self._leaves(node.handlers, raised, scope),
            ) as guard:
                flow = self.block(node.body, scope)
        except Raised as raised:
            if raised.guard is not guard:
                raise
            return self._handle(node, raised.value, scope)
        if self.machine.undecided > before and not self.machine.uncertain:
            self._perhaps_handle(node, scope)
        self._bind_perhaps(node, scope)
        if flow is not Flow.NEXT:
            return flow
        with self.machine.assuming(_raises_unless(node)):
            return self.block(node.orelse, scope)

    def _perhaps_handle(self, node: ast.Try | ast.TryStar, scope: Scope) -> None:
        """An import of the body may have failed: the handlers of import errors may run."""
        handlers = [
            h
            for h in node.handlers
            if self._takes(h, builtin_bases("ModuleNotFoundError"), scope) is not False
        ]
        for handler in handlers[:1]:
            with self.machine.in_doubt(), scope.names.branch():
                if handler.name:
                    scope.bind(handler.name, ANYTHING)
                self.block(handler.body, scope)

    def _bind_perhaps(self, node: ast.Try | ast.TryStar, scope: Scope) -> None:
        """What is not followed of the body may have raised: the names that only a handler binds may be bound."""
        if not any(isinstance(one, _RAISING) for part in node.body for one in ast.walk(part)):
            return
        ours = {name for _, name in bindings(node.body)}
        for handler in node.handlers:
            if _is_of_imports(handler):
                continue
            for _, name in bindings(handler.body):
                if name not in ours:
                    with scope.names.branch():
                        scope.bind(name, ANYTHING)

    def _handle(self, node: ast.Try | ast.TryStar, caught: RaisedValue, scope: Scope) -> Flow:
        group = isinstance(node, ast.TryStar) and GROUP in caught.bases
        for handler in node.handlers:
            taken = None if group else self._takes(handler, caught.bases, scope)
            if taken is False:
                continue
            self.machine.at(handler.lineno)
            if handler.name:
                scope.bind(handler.name, _caught(caught))
            self.machine.handling.append(caught)
            try:
                if taken is None:
                    if caught.failure is not None and caught.failure.module:
                        why = Unknown(
                            "whether this handler catches the exception is not known", self.machine.place()
                        )
                        leave_open(self.machine, Kind.MODULE, caught.failure.module, "", why)
                    with self.machine.in_doubt():
                        return self.block(handler.body, scope)
                return self.block(handler.body, scope)
            finally:
                if self.machine.handling and self.machine.handling[-1] is caught:
                    self.machine.handling.pop()
                if handler.name:
                    scope.unbind(handler.name)
        return Flow.NEXT

    def _catches(self, node: ast.Try | ast.TryStar, raised: RaisedValue, scope: Scope) -> bool | None:
        if isinstance(node, ast.TryStar):
            classes = [named(handler.type, scope) for handler in node.handlers if handler.type is not None]
            return takes_of_group(classes, raised)
        doubt: bool | None = False
        for handler in node.handlers:
            takes = self._takes(handler, raised.bases, scope)
            if takes:
                return True
            if takes is None:
                doubt = None
        return doubt

    def _leaves(
        self, handlers: list[ast.ExceptHandler], raised: RaisedValue, scope: Scope
    ) -> RaisedValue | None:
        taking = next((h for h in handlers if self._takes(h, raised.bases, scope) is not False), None)
        return leaving(taking.body, raised, scope) if taking is not None else None

    def _takes(self, handler: ast.ExceptHandler, bases: tuple[str, ...], scope: Scope) -> bool | None:
        """Does `except X` take an exception with these bases?"""
        return True if handler.type is None else takes(named(handler.type, scope), bases)

    def run_assert(self, node: ast.Assert, scope: Scope) -> None:
        machine = self.machine
        test = self.expressions.evaluate(node.test, scope)
        if truth(test) is not False or machine.environment.get("PYTHONOPTIMIZE"):
            return
        text = "" if node.msg is None else text_of(self.expressions.evaluate(node.msg, scope)) or ""
        machine.at(node.lineno)
        name = "AssertionError"
        with machine.assuming(is_assumed(test)):
            plain = _plain(machine, scope, name, text)
            machine.raise_value(RaisedValue(name, builtin_bases(name), None, text, machine.chain(), plain))

    def run_raise(self, node: ast.Raise, scope: Scope) -> Flow:
        machine = self.machine
        origin = next((v for v in reversed(machine.handling)), None)
        if node.exc is None:
            if origin is not None:
                machine.raise_value(origin)
            return Flow.RAISE
        target = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        value = self.expressions.evaluate(target, scope)
        arguments = node.exc.args if isinstance(node.exc, ast.Call) else []
        parts = [self.expressions.evaluate(argument, scope) for argument in arguments]
        text = (text_of(parts[0]) or "") if parts else ""
        machine.at(node.lineno)
        if isinstance(value, Caught) and value.raised is not None:
            machine.raise_value(value.raised)  # `except ImportError as e: error = e`, and later `raise error`
            return Flow.RAISE
        if isinstance(value, Anything | Caught) and origin is not None and isinstance(node.exc, ast.Name):
            machine.raise_value(origin)  # `except ImportError as e: raise e`
            return Flow.RAISE
        name, bases = class_of(value)
        if name == "SystemExit":
            leave(machine)
            return Flow.RAISE
        failure = origin.failure if origin is not None else None
        turned = None if failure is None else _turned(machine, failure, name, text)
        plain = _plain(machine, scope, name, text)
        members = None
        if GROUP in bases and isinstance(node.exc, ast.Call):
            members = members_of(node.exc, scope)
        machine.raise_value(RaisedValue(name, bases, turned, text, machine.chain(), plain, members))
        return Flow.RAISE


_RAISING = (
    ast.Call,
    ast.BinOp,
    ast.Subscript,
    ast.Await,
    ast.For,
    ast.AsyncFor,
    ast.With,
    ast.AsyncWith,
    ast.Assert,
)
"""What may raise an exception that is not followed."""


def _raises_unless(node: ast.Try | ast.TryStar) -> bool:
    """Does its `else` raise where nothing in the body did, which may well have done so unfollowed?"""
    says = any(isinstance(one, ast.Raise) for part in node.orelse for one in ast.walk(part))
    return says and any(isinstance(one, _RAISING) for part in node.body for one in ast.walk(part))


def _is_of_imports(handler: ast.ExceptHandler) -> bool:
    """Does it take what imports raise, and nothing else?"""
    nodes = ast.walk(handler.type) if handler.type is not None else ()
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return bool(names) and names <= {"ImportError", "ModuleNotFoundError"}


def _caught(raised: RaisedValue) -> Value:
    failure = raised.failure
    if failure is None or raised.type_name != failure.exception or failure.origin is not None:
        return ANYTHING
    missing = failure.exception == "ModuleNotFoundError"
    return Caught(failure.exception, failure.text, failure.module if missing else None, raised)


def _plain(machine: Machine, scope: Scope, name: str, text: str) -> Failure:
    """The program says itself that it cannot go on."""
    chain, place = machine.chain(), machine.place()
    return Failure(FailureKind.RAISED, name, text, scope.module.shown, chain, place)


def _turned(machine: Machine, failure: Failure, name: str, text: str) -> Failure:
    """A handler of this import failure raises another exception: that is what ends the start-up."""
    return replace(
        failure,
        kind=FailureKind.RAISED,
        exception=name,
        text=text,
        chain=machine.chain(),
        place=machine.place(),
        certain=failure.certain and not machine.assumed,
        origin=failure,
    )
