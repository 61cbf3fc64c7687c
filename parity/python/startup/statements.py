"""Runs the statements of a block in order, as far as they decide what is imported and bound."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from enum import Enum

from parity.python.startup.expressions import Expressions
from parity.python.startup.failures import (
    Failure,
    FailureKind,
    Raised,
    RaisedValue,
    Stopped,
    builtin_bases,
)
from parity.python.startup.importer import Importer
from parity.python.startup.known import TRANSPARENT, extend_path, leave
from parity.python.startup.machine import MOST_FRAMES, Machine
from parity.python.startup.modules import Module, bindings
from parity.python.startup.namespace import Namespace
from parity.python.startup.scope import Declared, Scope, declared
from parity.python.startup.values import (
    ANYTHING,
    Anything,
    Arguments,
    Class,
    Constant,
    External,
    Function,
    Instance,
    Items,
    ModuleValue,
    Table,
    Value,
    is_assumed,
    text_of,
    truth,
)

MOST_ROUNDS = 100
"""Rounds of a loop over known elements."""


class Flow(Enum):
    """How a block was left. The MAYBE forms: perhaps so, perhaps it went on."""

    NEXT = "next"
    RETURN = "return"
    BREAK = "break"
    CONTINUE = "continue"
    RAISE = "raise"
    MAYBE_RETURN = "maybe return"
    MAYBE_LOOP = "maybe loop"


_MAYBE = (Flow.MAYBE_RETURN, Flow.MAYBE_LOOP)


class Statements:
    """Runs statements for one `Machine`. `parse` gives a module's statements, or tells why it cannot."""

    def __init__(
        self, machine: Machine, importer: Importer, parse: Callable[[Module], Sequence[ast.stmt]]
    ) -> None:
        self.machine = machine
        self.importer = importer
        self.expressions = Expressions(machine, importer)
        self.parse = parse
        self.ran: set[tuple[str, int]] = set()
        self._active: list[ast.AST] = []
        self._names_of: dict[ast.AST, Declared] = {}

    # -- what the rest of the machine asks for

    def run_module(self, module: Module) -> None:
        """The module's body, in a frame of its own."""
        with self.machine.frame(module):
            module.body = tuple(self.parse(module))
            self.block(module.body, Scope(module, module.namespace))

    def call(self, function: Value, arguments: Arguments) -> Value:
        return self.expressions.call(function, arguments)

    def call_function(self, function: Function, arguments: Arguments) -> Value:
        """The function's body; ANYTHING where it is too deep, a generator, or recursive."""
        node = function.node
        if (
            len(self._active) >= MOST_FRAMES
            or self._active.count(node) >= 2
            or not self.machine.spend()
            or (not isinstance(node, ast.Lambda) and _yields(node))
        ):
            return ANYTHING
        own = self._declared(node)
        names = Namespace(locals=own.bound)
        scope = Scope(function.module, names, function.scopes, function=True, declared=own)
        _bind_parameters(function, arguments, scope)
        self._active.append(node)
        try:
            with self.machine.frame(function.module, node.lineno):
                if isinstance(node, ast.Lambda):
                    self.machine.at(node.body.lineno)
                    return self.expressions.evaluate(node.body, scope)
                flow = self.block(node.body, scope)
        finally:
            self._active.pop()
        if len(scope.returned) == 1 and flow is Flow.RETURN:
            return scope.returned[0]
        return Constant(None) if not scope.returned and flow is Flow.NEXT else ANYTHING

    def _declared(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef) -> Declared:
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
                if flow in _MAYBE:
                    if maybe is None:
                        doubts.enter_context(self.machine.in_doubt())
                        doubts.enter_context(scope.names.branch())
                    maybe = Flow.MAYBE_RETURN if Flow.MAYBE_RETURN in (flow, maybe) else flow
                elif flow is not Flow.NEXT:
                    return flow if maybe is None or flow is Flow.RETURN else maybe
        return maybe or Flow.NEXT

    def statement(self, node: ast.stmt, scope: Scope) -> Flow:
        self.machine.spend()
        self.machine.enter(node)
        if not scope.function and self.machine.frames:
            scope.module.line = node.lineno
        try:
            return self._dispatch(node, scope)
        except RecursionError:
            return Flow.NEXT  # an expression nested deeper than anybody writes: nothing is told of it

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
                    self._assign(target, value, scope)
            case ast.AnnAssign():
                if node.value is not None:
                    self._assign(node.target, evaluate(node.value, scope), scope)
                elif not isinstance(node.target, ast.Name):
                    evaluate(node.target, scope)
                if not scope.function and node.simple and self._annotations_run(scope.module):
                    self.machine.at(node.lineno)
                    evaluate(node.annotation, scope)
            case ast.AugAssign():
                self._augment(node, scope)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._define(node, scope)
            case ast.ClassDef():
                self._class(node, scope)
            case ast.If():
                return self._if(node, scope)
            case ast.Try() | ast.TryStar():
                return self._try(node, scope)
            case ast.With() | ast.AsyncWith():
                return self._with(node, scope)
            case ast.For() | ast.AsyncFor():
                return self._for(node, scope)
            case ast.While():
                return self._while(node, scope)
            case ast.Match():
                return self._match(node, scope)
            case ast.Return():
                scope.returned.append(evaluate(node.value, scope))
                return Flow.RETURN
            case ast.Raise():
                return self._raise(node, scope)
            case ast.Break():
                return Flow.BREAK
            case ast.Continue():
                return Flow.CONTINUE
            case ast.Delete():
                for target in node.targets:
                    self._delete(target, scope)
            case ast.Assert():
                evaluate(node.test, scope)
            case _ if type(node).__name__ == "TypeAlias":  # Python 3.12
                scope.bind(node.name.id, ANYTHING)  # type: ignore[attr-defined]
            case _:
                pass
        return Flow.NEXT

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
                self.importer.load_submodule(module.module, name)
        for name in names:
            value = self.expressions.attribute(module, name)
            if name in module.module.namespace.maybe:
                with scope.names.branch():
                    scope.bind(name, value)
            else:
                scope.bind(name, value)
        if more:
            scope.names.open = True

    # -- binding

    def _assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        match target:
            case ast.Name():
                scope.bind(target.id, value)
            case ast.Tuple() | ast.List():
                known = value.elements if isinstance(value, Items) and value.complete else None
                plain = not any(isinstance(part, ast.Starred) for part in target.elts)
                for index, part in enumerate(target.elts):
                    if isinstance(part, ast.Starred):
                        self._assign(part.value, ANYTHING, scope)
                    elif known is not None and plain and len(known) == len(target.elts):
                        self._assign(part, known[index], scope)
                    else:
                        self._assign(part, ANYTHING, scope)
            case ast.Attribute():
                owner = self.expressions.evaluate(target.value, scope)
                if isinstance(owner, ModuleValue):
                    owner.module.namespace.bind(target.attr, value)
                    if target.attr == "__path__":
                        self._set_path(owner.module, value)
                elif isinstance(owner, Instance):
                    owner.attributes[target.attr] = ANYTHING if self.machine.uncertain else value
                elif isinstance(owner, Class):
                    owner.namespace.bind(target.attr, value)
                elif isinstance(owner, External) and f"{owner.name}.{target.attr}" == "sys.path":
                    extend_path(self.machine, ANYTHING)
            case ast.Subscript():
                self._assign_item(target, value, scope)
            case _:
                pass
        if isinstance(target, ast.Name) and target.id == "__path__" and not scope.function:
            self._set_path(scope.module, value)

    def _set_path(self, module: Module, value: Value) -> None:
        texts = (
            [text_of(item) for item in value.elements]
            if isinstance(value, Items) and value.complete
            else [None]
        )
        if None in texts:
            module.namespace.open = True  # a submodule may come from anywhere
            module.uncertain = True
        else:
            module.folders = tuple(text for text in texts if text is not None)

    def _assign_item(self, target: ast.Subscript, value: Value, scope: Scope) -> None:
        owner = self.expressions.evaluate(target.value, scope)
        key = (
            self.expressions.evaluate(target.slice, scope)
            if not isinstance(target.slice, ast.Slice)
            else ANYTHING
        )
        if isinstance(owner, External):
            name, text = text_of(key), text_of(value)
            if owner.name == "os.environ" and name is not None:
                if text is None or self.machine.uncertain:
                    self.machine.environment.pop(name, None)
                else:
                    self.machine.environment[name] = text
            elif owner.name == "sys.path":
                extend_path(self.machine, value, front=True)
            elif owner.name == "sys.modules":
                module = self.importer.modules.get(name or scope.module.name)
                if module is not None:
                    module.namespace.open = True
                elif isinstance(value, ModuleValue) and name is not None:
                    self.importer.modules[name] = value.module
        elif isinstance(owner, Table):
            if isinstance(key, Constant) and not self.machine.uncertain:
                owner.entries[key.value] = value
            else:
                owner.complete = False
        elif isinstance(owner, Items):
            owner.complete = False
        elif isinstance(owner, Anything):
            pass

    def _delete(self, target: ast.expr, scope: Scope) -> None:
        match target:
            case ast.Name():
                if scope.owner(target.id).get(target.id) is None:
                    self.expressions.fail_unbound(target, scope)
                scope.unbind(target.id)
            case ast.Attribute():
                owner = self.expressions.evaluate(target.value, scope)
                if isinstance(owner, ModuleValue):
                    self.importer.delete_name(owner.module, target.attr)
            case ast.Subscript():
                owner = self.expressions.evaluate(target.value, scope)
                key = self.expressions.evaluate(target.slice, scope)
                if isinstance(owner, External) and owner.name == "sys.modules":
                    self.expressions.call(External("sys.modules.pop"), Arguments((key,)))
            case ast.Tuple() | ast.List():
                for part in target.elts:
                    self._delete(part, scope)
            case _:
                pass

    def _augment(self, node: ast.AugAssign, scope: Scope) -> None:
        value = self.expressions.evaluate(node.value, scope)
        if isinstance(node.target, ast.Name):
            old = self.expressions.evaluate(ast.Name(node.target.id, ast.Load(), **_span(node.target)), scope)
            scope.bind(node.target.id, self.expressions.combine(node.op, old, value))
            return
        if isinstance(node.target, ast.Attribute):
            owner = self.expressions.evaluate(node.target.value, scope)
            if isinstance(owner, External) and f"{owner.name}.{node.target.attr}" == "sys.path":
                extend_path(self.machine, value)
            elif isinstance(owner, ModuleValue):
                old = self.expressions.attribute(owner, node.target.attr)
                owner.module.namespace.bind(node.target.attr, self.expressions.combine(node.op, old, value))

    # -- definitions

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        decorators = [self.expressions.evaluate(decorator, scope) for decorator in node.decorator_list]
        defaults = self.expressions.defaults(node.args, scope)
        if self._annotations_run(scope.module):
            self._annotations(node, scope)
        function: Value = Function(node, scope.module, scope.inner(), defaults)
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

    def _annotations_run(self, module: Module) -> bool:
        """PEP 563 and PEP 649: with the future import, and from 3.14 on, annotations are not evaluated."""
        python = self.machine.world.python
        if python is None or python >= (3, 14):
            return False
        return not isinstance(module.namespace.values.get("annotations"), External)

    def _decorate(self, value: Value, decorators: list[Value], nodes: list[ast.expr]) -> Value:
        for decorator, node in zip(reversed(decorators), reversed(nodes), strict=True):
            if isinstance(decorator, External) and decorator.name in TRANSPARENT:
                continue
            self.machine.at(node.lineno)
            value = self.expressions.call(decorator, Arguments((value,)))
        return value

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        decorators = [self.expressions.evaluate(decorator, scope) for decorator in node.decorator_list]
        bases = tuple(self.expressions.evaluate(base, scope) for base in node.bases)
        for keyword in node.keywords:
            self.expressions.evaluate(keyword.value, scope)
        names = Namespace({"__module__": Constant(scope.module.name), "__qualname__": Constant(node.name)})
        self.machine.at(node.lineno)
        with self.machine.frame(scope.module, node.lineno):
            self.block(node.body, Scope(scope.module, names, scope.inner(), declared=self._declared(node)))
        made: Value = Class(node.name, scope.module, bases, names)
        scope.bind(node.name, self._decorate(made, decorators, node.decorator_list))

    # -- branches

    def _if(self, node: ast.If, scope: Scope) -> Flow:
        test = self.expressions.evaluate(node.test, scope)
        known = truth(test)
        if known is None:
            return self._either([node.body, node.orelse], scope)
        taken, other = (node.body, node.orelse) if known else (node.orelse, node.body)
        if not is_assumed(test):
            return self.block(taken, scope)
        with self.machine.assuming(True):
            flow = self.block(taken, scope)
        for _, name in bindings(list(other)):
            if name not in scope.names.values:
                with scope.names.branch():
                    scope.bind(name, ANYTHING)
        return flow

    def _either(self, blocks: Sequence[Sequence[ast.stmt]], scope: Scope) -> Flow:
        """One of these blocks runs, and which cannot be told."""
        outcomes: list[tuple[Flow, set[str]]] = []
        for body in blocks:
            with self.machine.in_doubt(), scope.names.branch() as bound:
                flow = self.block(body, scope)
            outcomes.append((flow, bound))
        going_on = [bound for flow, bound in outcomes if flow in (Flow.NEXT, *_MAYBE)]
        if going_on:
            scope.names.settle(set.intersection(*going_on))
        return _joined([flow for flow, _ in outcomes])

    def _try(self, node: ast.Try | ast.TryStar, scope: Scope) -> Flow:
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
            with self.machine.guarded(lambda raised: self._catches(node.handlers, raised, scope)) as guard:
                flow = self.block(node.body, scope)
        except Raised as raised:
            if raised.guard is not guard:
                raise
            return self._handle(node, raised.value, scope)
        if self.machine.undecided > before and not self.machine.uncertain:
            self._perhaps_handle(node, scope)
        return self.block(node.orelse, scope) if flow is Flow.NEXT else flow

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

    def _handle(self, node: ast.Try | ast.TryStar, caught: RaisedValue, scope: Scope) -> Flow:
        for handler in node.handlers:
            taken = self._takes(handler, caught.bases, scope)
            if taken is False:
                continue
            self.machine.at(handler.lineno)
            if handler.name:
                scope.bind(handler.name, ANYTHING)
            self.machine.handling.append(caught)
            try:
                if taken is None:
                    with self.machine.in_doubt():
                        return self.block(handler.body, scope)
                return self.block(handler.body, scope)
            finally:
                if self.machine.handling and self.machine.handling[-1] is caught:
                    self.machine.handling.pop()
                if handler.name:
                    scope.unbind(handler.name)
        return Flow.NEXT

    def _catches(self, handlers: list[ast.ExceptHandler], raised: RaisedValue, scope: Scope) -> bool | None:
        doubt: bool | None = False
        for handler in handlers:
            takes = self._takes(handler, raised.bases, scope)
            if takes:
                return True
            if takes is None:
                doubt = None
        return doubt

    def _takes(self, handler: ast.ExceptHandler, bases: tuple[str, ...], scope: Scope) -> bool | None:
        """Does `except X` take an exception with these bases? An unknown class of another package: no."""
        if handler.type is None:
            return True
        types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        verdict: bool | None = False
        for node in types:
            name = self._exception_name(node, scope)
            if name is None:
                verdict = None if isinstance(node, ast.Starred | ast.Call) else verdict
            elif name in bases:
                return True
        return verdict

    def _exception_name(self, node: ast.expr, scope: Scope) -> str | None:
        value: Value | None = None
        if isinstance(node, ast.Name):
            value = scope.load(node.id)
            if value is None:
                return node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = scope.load(node.value.id)
            if isinstance(owner, ModuleValue):
                value = owner.module.attribute(node.attr)
        if isinstance(value, Class):
            return value.name
        if isinstance(value, External):
            return value.name.removeprefix("builtins.")
        return None

    def _raise(self, node: ast.Raise, scope: Scope) -> Flow:
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
        if isinstance(value, Anything) and origin is not None and isinstance(node.exc, ast.Name):
            machine.raise_value(origin)  # `except ImportError as e: raise e`
            return Flow.RAISE
        name, bases = _exception_class(value)
        if name == "SystemExit":
            leave(machine, parts[0] if parts else Constant(None))
            return Flow.RAISE
        failure = origin.failure if origin is not None else None
        turned = None if failure is None else _turned(machine, failure, name, text)
        machine.raise_value(RaisedValue(name, bases, turned, text, machine.chain()))
        return Flow.RAISE

    # -- loops, with, match

    def _with(self, node: ast.With | ast.AsyncWith, scope: Scope) -> Flow:
        suppressed: list[str] = []
        for item in node.items:
            self.expressions.evaluate(item.context_expr, scope)
            call = item.context_expr
            if isinstance(call, ast.Call) and _is_suppress(self.expressions.evaluate(call.func, scope)):
                for argument in call.args:
                    name = self._exception_name(argument, scope)
                    suppressed += [name] if name else []
            if item.optional_vars is not None:
                self._assign(item.optional_vars, ANYTHING, scope)
        if not suppressed:
            return self.block(node.body, scope)

        def suppresses(raised: RaisedValue) -> bool:
            return any(name in raised.bases for name in suppressed)

        try:
            with self.machine.guarded(suppresses) as guard:
                return self.block(node.body, scope)
        except Raised as raised:
            if raised.guard is not guard:
                raise
            return Flow.NEXT

    def _for(self, node: ast.For | ast.AsyncFor, scope: Scope) -> Flow:
        source = self.expressions.evaluate(node.iter, scope)
        if isinstance(source, Items) and source.complete and len(source.elements) <= MOST_ROUNDS:
            for element in list(source.elements):
                self._assign(node.target, element, scope)
                flow = self.block(node.body, scope)
                if flow in (Flow.RETURN, Flow.MAYBE_RETURN, Flow.RAISE):
                    return flow
                if flow is Flow.BREAK:
                    return Flow.NEXT
            return self.block(node.orelse, scope)
        with self.machine.in_doubt(), scope.names.branch():
            self._assign(node.target, ANYTHING, scope)
            flow = self.block(node.body, scope)
        self.block(node.orelse, scope)
        return Flow.MAYBE_RETURN if flow in (Flow.RETURN, Flow.MAYBE_RETURN) else Flow.NEXT

    def _while(self, node: ast.While, scope: Scope) -> Flow:
        test = self.expressions.evaluate(node.test, scope)
        known = truth(test)
        if known is False:
            return self.block(node.orelse, scope)
        if known is True and isinstance(node.test, ast.Constant):
            flow = self.block(node.body, scope)
            return flow if flow in (Flow.RETURN, Flow.MAYBE_RETURN) else Flow.NEXT
        with self.machine.in_doubt(), scope.names.branch():
            flow = self.block(node.body, scope)
        return Flow.MAYBE_RETURN if flow in (Flow.RETURN, Flow.MAYBE_RETURN) else Flow.NEXT

    def _match(self, node: ast.Match, scope: Scope) -> Flow:
        subject = self.expressions.evaluate(node.subject, scope)
        undecided: list[Sequence[ast.stmt]] = []
        for case in node.cases:
            fits = self._fits(case, subject, scope)
            if fits is False:
                continue
            for name in _captured(case.pattern):
                scope.bind(name, ANYTHING)
            if fits and not undecided:
                return self.block(case.body, scope)
            undecided.append(case.body)
            if fits:
                return self._either(undecided, scope)
        return self._either([*undecided, ()], scope) if undecided else Flow.NEXT

    def _fits(self, case: ast.match_case, subject: Value, scope: Scope) -> bool | None:
        pattern = case.pattern
        guard = truth(self.expressions.evaluate(case.guard, scope)) if case.guard is not None else True
        if guard is False:
            return False
        if isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
            return guard
        choices = pattern.patterns if isinstance(pattern, ast.MatchOr) else [pattern]
        if not isinstance(subject, Constant) or subject.assumed:
            return None
        verdict: bool | None = False
        for choice in choices:
            if not isinstance(choice, ast.MatchValue):
                return None
            value = self.expressions.evaluate(choice.value, scope)
            if not isinstance(value, Constant):
                verdict = None
            elif value.value == subject.value:
                return guard
        return verdict


# -- small questions


def _joined(flows: list[Flow]) -> Flow:
    """How it goes on after one of several branches, when which was taken cannot be told."""
    # a branch that raises on purpose is a check: what follows is what happens when it passes
    going_on = [flow for flow in flows if flow is not Flow.RAISE]
    if not going_on:
        return Flow.RAISE
    kinds = set(going_on)
    if kinds == {Flow.NEXT}:
        return Flow.NEXT
    if len(kinds) == 1:
        return going_on[0]
    return Flow.MAYBE_RETURN if kinds & {Flow.RETURN, Flow.MAYBE_RETURN} else Flow.MAYBE_LOOP


def _bind_parameters(function: Function, arguments: Arguments, scope: Scope) -> None:
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
        scope.names.bind(node.kwarg.arg, ANYTHING)


def _exception_class(value: Value) -> tuple[str, tuple[str, ...]]:
    match value:
        case External():
            name = value.name.removeprefix("builtins.")
            return name.rpartition(".")[2], builtin_bases(name) or (name, "Exception", "BaseException")
        case Class():
            bases: list[str] = [value.name]
            for base in value.bases:
                bases += _exception_class(base)[1]
            return value.name, tuple(bases)
        case Instance():
            return _exception_class(value.cls)
        case _:
            return "Exception", ("Exception", "BaseException")


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


def _is_suppress(value: Value) -> bool:
    return isinstance(value, External) and value.name == "contextlib.suppress"


def _captured(pattern: ast.pattern) -> list[str]:
    names = []
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            names.append(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            names.append(node.rest)
    return names


def _yields(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    todo: list[ast.AST] = list(node.body)
    while todo:
        inner = todo.pop()
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            todo.extend(ast.iter_child_nodes(inner))
    return False


def _span(node: ast.expr) -> dict[str, int]:
    return {"lineno": node.lineno, "col_offset": node.col_offset}
