"""What an expression evaluates to, with the imports, calls and attribute look-ups that doing so entails."""

from __future__ import annotations

import ast

from parity.startup.importing.importer import Importer
from parity.startup.language.attributes import Attributes
from parity.startup.language.calls import Calls
from parity.startup.language.comprehensions import Comprehensions
from parity.startup.language.displays import Displays
from parity.startup.language.operations import combine, compared, unary
from parity.startup.language.refusals import refuse_comparison, refuse_zero
from parity.startup.state.machine import Machine
from parity.startup.state.scope import Scope
from parity.startup.state.values import (
    ANYTHING,
    Anything,
    Class,
    Constant,
    External,
    FilePath,
    Function,
    Items,
    ModuleValue,
    Super,
    Table,
    Value,
    elements_of,
    is_assumed,
    text_of,
    truth,
)


class Expressions:
    """Evaluates expressions for one `Machine`."""

    def __init__(self, machine: Machine, importer: Importer) -> None:
        self.machine = machine
        self.importer = importer
        self.comprehensions = Comprehensions(machine, self.evaluate)
        self.displays = Displays(machine, self.evaluate)
        self.calls = Calls(machine, self.evaluate)
        self.attributes = Attributes(machine, importer, self.calls.call)

    def evaluate(self, node: ast.expr | None, scope: Scope) -> Value:
        """The value of `node`; ANYTHING where it cannot be told, or is larger than what is followed."""
        self.machine.budget.steps += 1
        value = self._evaluate(node, scope)
        return self.machine.sized(value) if isinstance(node, _MADE) else value

    def _evaluate(self, node: ast.expr | None, scope: Scope) -> Value:
        match node:
            case None:
                return Constant(None)
            case ast.Constant():
                plain = node.value
                return Constant(plain) if isinstance(plain, str | bytes | int | float | None) else ANYTHING
            case ast.Name():
                return self.attributes.name(node, scope)
            case ast.Attribute():
                return self._attribute(node, scope)
            case ast.Call():
                return self.calls.evaluate(node, scope)
            case ast.List() | ast.Tuple() | ast.Set():
                return self.displays.items(node, scope)
            case ast.Dict():
                return self.displays.table(node, scope)
            case ast.BinOp():
                return self._binary(node, scope)
            case ast.BoolOp():
                return self._boolean(node, scope)
            case ast.UnaryOp():
                return unary(node.op, self.evaluate(node.operand, scope))
            case ast.Compare():
                return self._compare(node, scope)
            case ast.IfExp():
                return self._choice(node, scope)
            case ast.JoinedStr():
                return self.displays.joined(node, scope)
            case ast.Subscript():
                return self.displays.subscript(node, scope)
            case ast.Lambda():
                return Function(node, scope.module, scope.inner(), self.calls.defaults(node.args, scope))
            case ast.NamedExpr():
                value = self.evaluate(node.value, scope)
                scope.statements.bind(node.target.id, value)
                return value
            case ast.Await():
                value = self.evaluate(node.value, scope)
                return self.calls.run_coroutine(value)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self.comprehensions.evaluate(node, scope)
            case ast.Starred():
                self.evaluate(node.value, scope)
                return ANYTHING
            case ast.FormattedValue():
                self.evaluate(node.value, scope)
                return ANYTHING
            case ast.Slice():
                for part in (node.lower, node.upper, node.step):
                    if part is not None:
                        self.evaluate(part, scope)
                return ANYTHING
            case ast.Yield() | ast.YieldFrom():
                value = self.evaluate(node.value, scope)
                if scope.at_yield is not None and self.machine.uncertain <= scope.entered:
                    run, scope.at_yield = scope.at_yield, None
                    run(value)
                    return ANYTHING
                self._yield(
                    elements_of(value) if isinstance(node, ast.YieldFrom) else Items("list", [value]), scope
                )
                return ANYTHING
            case _:
                return ANYTHING

    def _yield(self, values: Value, scope: Scope) -> None:
        if isinstance(values, Items) and values.complete and self.machine.uncertain <= scope.entered:
            scope.yielded.elements += values.elements
        else:
            scope.yielded.complete = False

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Value:
        value = self.evaluate(node.value, scope)
        if isinstance(value, _LOOKED_UP):
            # CPython: of a multi-line expression the line of the attribute itself is told
            self.machine.at(node.end_lineno or node.lineno)
        return self.attributes.attribute(value, node.attr)

    def _binary(self, node: ast.BinOp, scope: Scope) -> Value:
        chain: list[ast.BinOp] = []
        left_node: ast.expr = node
        while isinstance(left_node, ast.BinOp):  # `a + b + c + …` is as deep as it is long
            chain.append(left_node)
            left_node = left_node.left
        left = self.evaluate(left_node, scope)
        for step in reversed(chain):
            right = self.evaluate(step.right, scope)
            if isinstance(step.right, ast.Constant):
                refuse_zero(self.machine, step.op, left, step.right.value)
            left = combine(self.machine, step.op, left, right)
        return left

    def _boolean(self, node: ast.BoolOp, scope: Scope) -> Value:
        stop_on = isinstance(node.op, ast.Or)
        doubtful = 0
        assumed = False
        value: Value = ANYTHING
        try:
            for part in node.values:
                value = self.evaluate(part, scope)
                assumed = assumed or is_assumed(value)
                known = truth(value)
                if known is stop_on and not doubtful:
                    return Constant(value.value, assumed) if isinstance(value, Constant) else value
                if known is stop_on:
                    return ANYTHING if not isinstance(value, Constant) else Constant(stop_on, assumed)
                if known is None:
                    doubtful += 1  # whether the next part is evaluated cannot be told
                    self.machine.uncertain += 1
            return ANYTHING if doubtful else value
        finally:
            self.machine.uncertain -= doubtful

    def _compare(self, node: ast.Compare, scope: Scope) -> Value:
        left = self.evaluate(node.left, scope)
        result: Value = Constant(True)
        for operation, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(right_node, scope)
            if isinstance(operation, ast.In | ast.NotIn) and right == External("sys.modules"):
                outcome = self._is_loaded(left, isinstance(operation, ast.In))
            else:
                outcome = compared(operation, left, right)
                if outcome is ANYTHING:
                    refuse_comparison(self.machine, operation, left, right)
            if isinstance(outcome, Constant) and not outcome.value:
                return outcome
            if isinstance(outcome, Anything) or isinstance(result, Anything):
                result = ANYTHING
            else:
                result = Constant(True, is_assumed(outcome) or is_assumed(result))
            left = right
        return result

    def _is_loaded(self, name: Value, wanted: bool) -> Value:
        """`name in sys.modules`, or `not in`."""
        text = text_of(name)
        loaded = self.importer.is_loaded(text) if text is not None else None
        return ANYTHING if loaded is None else Constant(loaded is wanted)

    def _choice(self, node: ast.IfExp, scope: Scope) -> Value:
        test = self.evaluate(node.test, scope)
        known = truth(test)
        if known is not None:
            with self.machine.assuming(is_assumed(test)):
                value = self.evaluate(node.body if known else node.orelse, scope)
            if is_assumed(test):
                return Constant(value.value, True) if isinstance(value, Constant) else value
            return value
        with self.machine.in_doubt():
            self.evaluate(node.body, scope)
            self.evaluate(node.orelse, scope)
        return ANYTHING


_LOOKED_UP = ModuleValue | External | Function | Class | Constant | FilePath | Items | Super | Table
"""Values whose attributes may be told to be missing."""
_MADE = ast.Call | ast.BinOp | ast.JoinedStr | ast.ListComp | ast.SetComp
"""Expressions whose values may be larger than what they are made of."""
