"""Runs the statements of a block in order, as far as they decide what is imported and bound."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from parity.startup.importing.importer import Importer
from parity.startup.language.assignment import Assignment
from parity.startup.language.branches import Branches
from parity.startup.language.definitions import Definitions, bind_parameters, yields
from parity.startup.language.expressions import Expressions
from parity.startup.language.flow import MAYBE, Flow
from parity.startup.language.handlers import Handlers
from parity.startup.language.managers import Managers
from parity.startup.state.budget import STEPS_OF_A_LINE, Bound
from parity.startup.state.machine import Machine
from parity.startup.state.modules import Module, rebound
from parity.startup.state.namespace import Namespace
from parity.startup.state.scope import Declared, Scope, declared
from parity.startup.state.values import (
    ANYTHING,
    NONE,
    Arguments,
    Constant,
    External,
    Function,
    Generator,
    Managed,
    ModuleValue,
    Value,
)


class Statements:
    """Runs statements for one `Machine`. `parse` gives a module's statements, or tells why it cannot."""

    def __init__(
        self, machine: Machine, importer: Importer, parse: Callable[[Module], Sequence[ast.stmt]]
    ) -> None:
        self.machine = machine
        self.importer = importer
        self.expressions = Expressions(machine, importer)
        self.assignment = Assignment(machine, importer, self.expressions)
        self.definitions = Definitions(machine, self.expressions, self.block)
        self.branches = Branches(machine, self.expressions, self.assignment, self.block)
        self.handlers = Handlers(machine, self.expressions, self.block)
        self.managers = Managers(machine, self.expressions, self.assignment, self.block)
        self.parse = parse
        self.ran: set[tuple[str, int]] = set()
        self._loaded: set[str] = set()
        self._active: Counter[tuple[Module, ast.AST]] = (
            Counter()
        )  # a file run twice is two modules of the same nodes
        self._names_of: dict[ast.AST, Declared] = {}

    # -- what the rest of the machine asks for

    def run_module(self, module: Module) -> None:
        """The module's body, in a frame of its own. One that failed runs again wherever it is imported again."""
        if module.image_path in self._loaded and not self.machine.has_steps():
            module.namespace.open = True
            return
        with self.machine.frame(module):
            module.body = tuple(self.parse(module))
            if module.image_path not in self._loaded:
                lines = module.body[-1].end_lineno or 0 if module.body else 0
                self.machine.budget.most_steps += STEPS_OF_A_LINE * lines
                self._loaded.add(module.image_path)
            if self.block(module.body, Scope(module, module.namespace)) is Flow.RAISE:
                module.namespace.open = True  # it went no further: nobody gets to see what it does not bind

    def call(self, function: Value, arguments: Arguments) -> Value:
        return self.expressions.calls.call(function, arguments)

    def call_function(self, function: Function, arguments: Arguments) -> Value:
        """The function's body; ANYTHING where it is too deep. A generator's runs when gone through."""
        node = function.node
        if self._may_not_end(function) or not self.machine.may_call(function.name):
            return ANYTHING
        if not isinstance(node, ast.Lambda) and yields(node):
            return Generator(lambda: self._run_function(function, arguments))
        return self._run_function(function, arguments)

    def manage(self, managed: Managed, body: Callable[[Value], None]) -> None:
        """The generator of a context manager; `body` runs where it yields."""
        if self.machine.may_call(managed.function.name):
            self._run_function(managed.function, managed.arguments, body)

    def _may_not_end(self, function: Function) -> bool:
        """Is it a recursion that stands in a branch which cannot be decided? It is followed twice."""
        return self.machine.uncertain > 0 and self._active[function.module, function.node] >= 2

    def _run_function(
        self, function: Function, arguments: Arguments, at_yield: Callable[[Value], None] | None = None
    ) -> Value:
        node = function.node
        own = self._declared(node)
        names = Namespace(locals=own.bound)
        doubtful = self.machine.uncertain > 0
        scope = Scope(
            function.module, names, function.scopes, True, own, doubtful, entered=self.machine.uncertain
        )
        scope.at_yield = at_yield
        bind_parameters(function, arguments, scope)
        self._active[function.module, node] += 1
        try:
            with self.machine.frame(function.module, node.lineno):
                if isinstance(node, ast.Lambda):
                    self.machine.at(node.body.lineno)
                    return self.expressions.evaluate(node.body, scope)
                flow = self.block(node.body, scope)
        finally:
            self._active[function.module, node] -= 1
        if not isinstance(node, ast.Lambda) and yields(node):
            return scope.yielded
        if len(scope.returned) == 1 and flow is Flow.RETURN:
            return scope.returned[0]
        return Constant(None) if not scope.returned and flow is Flow.NEXT else ANYTHING

    def _declared(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Declared:
        known = self._names_of.get(node)
        if known is None:
            known = self._names_of[node] = declared(node)
        return known

    # -- blocks

    def block(self, body: Sequence[ast.stmt], scope: Scope) -> Flow:
        """Runs the statements; what follows a branch that may have left runs in doubt."""
        maybe: Flow | None = None
        with ExitStack() as doubts:
            for statement in body:
                flow = self.statement(statement, scope)
                if flow in MAYBE:
                    if maybe is None:
                        doubts.enter_context(self.machine.in_doubt())
                        doubts.enter_context(scope.names.branch())
                    maybe = Flow.MAYBE_RETURN if Flow.MAYBE_RETURN in (flow, maybe) else flow
                elif flow is not Flow.NEXT:
                    return flow if maybe is None or flow is Flow.RETURN else maybe
        return maybe or Flow.NEXT

    def statement(self, node: ast.stmt, scope: Scope) -> Flow:
        self.machine.budget.steps += 1
        self.machine.enter(node)
        if not scope.function and self.machine.frames:
            scope.module.line = node.lineno
        try:
            return self._dispatch(node, scope)
        except RecursionError:
            self.machine.budget.reach(
                Bound.STACK, "this statement is nested too deeply", self.machine.place()
            )
            return Flow.NEXT

    def _dispatch(self, node: ast.stmt, scope: Scope) -> Flow:
        evaluate = self.expressions.evaluate
        match node:
            case ast.Expr():
                evaluate(node.value, scope)
            case ast.Import():
                self._import(node, scope)
            case ast.ImportFrom():
                self._import_from(node, scope)
            case ast.Assign():
                value = evaluate(node.value, scope)
                for target in node.targets:
                    self.assignment.assign(target, self._settled(value, node.value, target, scope), scope)
            case ast.AnnAssign():
                if node.value is not None:
                    value = self._settled(evaluate(node.value, scope), node.value, node.target, scope)
                    self.assignment.assign(node.target, value, scope)
                elif not isinstance(node.target, ast.Name):
                    evaluate(node.target, scope)
                if not scope.function and node.simple and self.definitions.annotations_run(scope.module):
                    self.machine.at(node.lineno)
                    evaluate(node.annotation, scope)
            case ast.AugAssign():
                self.assignment.augment(node, scope)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.definitions.define(node, scope)
            case ast.ClassDef():
                self.definitions.define_class(node, scope)
            case ast.If():
                return self.branches.run_if(node, scope)
            case ast.Try() | ast.TryStar():
                return self.handlers.run_try(node, scope)
            case ast.With() | ast.AsyncWith():
                return self.managers.run_with(node, scope)
            case ast.For() | ast.AsyncFor():
                return self.branches.run_for(node, scope)
            case ast.While():
                return self.branches.run_while(node, scope)
            case ast.Match():
                return self.branches.run_match(node, scope)
            case ast.Return():
                scope.returned.append(evaluate(node.value, scope))
                return Flow.RETURN
            case ast.Raise():
                return self.handlers.run_raise(node, scope)
            case ast.Break():
                return Flow.BREAK
            case ast.Continue():
                return Flow.CONTINUE
            case ast.Delete():
                for target in node.targets:
                    self.assignment.delete(target, scope)
            case ast.Assert():
                self.handlers.run_assert(node, scope)
            case _ if type(node).__name__ == "TypeAlias":  # Python 3.12
                scope.bind(node.name.id, ANYTHING)  # type: ignore[attr-defined]
            case _:
                pass
        return Flow.NEXT

    def _settled(self, value: Value, node: ast.expr, target: ast.expr, scope: Scope) -> Value:
        """NONE where the name stays None for certain, else the value."""
        written = isinstance(node, ast.Constant) and node.value is None
        if not (written and isinstance(target, ast.Name)) or scope.function:
            return value
        doubtful = self.machine.uncertain or self.machine.assumed or target.id in rebound(scope.module.body)
        return value if doubtful else NONE

    # -- imports

    def _import(self, node: ast.Import, scope: Scope) -> None:
        self.ran.add((scope.module.source, node.lineno))
        for alias in node.names:
            self.machine.at(node.lineno)
            package = scope.module.package
            if alias.asname is None:
                scope.bind(alias.name.partition(".")[0], self.importer.run_import(alias.name, package, (), 0))
                continue
            value = self.importer.run_import(alias.name, package, (), 0)
            for part in alias.name.split(".")[1:]:  # CPython: IMPORT_NAME, then IMPORT_FROM for each part
                value = self.importer.import_part(value, part)
            scope.bind(alias.asname, value)

    def _import_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        if node.module == "__future__" and not node.level:
            for alias in node.names:
                scope.bind(alias.asname or alias.name, External(f"__future__.{alias.name}"))
            return
        self.ran.add((scope.module.source, node.lineno))
        names = tuple(alias.name for alias in node.names)
        if node.level and not scope.module.package_known:
            module: Value = ANYTHING
        else:
            module = self.importer.run_import(node.module or "", scope.module.package, names, node.level)
        for alias in node.names:
            self.machine.at(node.lineno)
            if alias.name == "*":
                self._import_star(module, scope)
            else:
                scope.bind(alias.asname or alias.name, self.importer.import_name(module, alias.name))

    def _import_star(self, module: Value, scope: Scope) -> None:
        if not isinstance(module, ModuleValue):
            scope.names.open = True
            return
        names, more = self.importer.star_names(module.module)
        listed = "__all__" in module.module.namespace.values
        if listed:  # CPython: _handle_fromlist imports all of them before the first name is bound
            for name in names:
                self.importer.load_submodule(module.module, name, by_star=True)
        for name in names:
            value = self.expressions.attributes.attribute(module, name)
            if name in module.module.namespace.maybe:
                with scope.names.branch():
                    scope.bind(name, value)
            else:
                scope.bind(name, value)
        scope.names.unset |= module.module.namespace.unset - scope.names.values.keys()
        if more:
            scope.names.open = True
