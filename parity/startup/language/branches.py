"""Which blocks of an `if`, `match` or loop run, and how often?"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import nullcontext

from parity.startup.language.assignment import Assignment
from parity.startup.language.expressions import Expressions
from parity.startup.language.flow import MAYBE, Block, Flow, joined
from parity.startup.language.refusals import refuse_iteration
from parity.startup.state.machine import Machine
from parity.startup.state.modules import bindings
from parity.startup.state.scope import Scope
from parity.startup.state.values import ANYTHING, Constant, Items, Value, elements_of, is_assumed, truth

MOST_ROUNDS = 100
"""Rounds of a loop over known elements."""


class Branches:
    """Runs conditions and loops for one `Machine`; `block` runs their blocks."""

    def __init__(
        self, machine: Machine, expressions: Expressions, assignment: Assignment, block: Block
    ) -> None:
        self.machine = machine
        self.expressions = expressions
        self.assignment = assignment
        self.block = block

    def run_if(self, node: ast.If, scope: Scope) -> Flow:
        test = self.expressions.evaluate(node.test, scope)
        known = truth(test)
        if known is None:
            return self._either([node.body, node.orelse], scope)
        taken, other = (node.body, node.orelse) if known else (node.orelse, node.body)
        if not is_assumed(test):
            return self.block(taken, scope)
        with self.machine.assuming(True):
            flow = self.block(taken, scope)
            if flow is Flow.RAISE:
                return self._passed(node.test, other, scope)
        for _, name in bindings(list(other)):
            names = scope.owner(name)
            if name not in names.values:
                names.unset.add(name)
        return flow

    def _passed(self, test: ast.expr, other: Sequence[ast.stmt], scope: Scope) -> Flow:
        """`if not VARIABLE: raise ...`: whoever runs the image sets it, and what follows is what happens then."""
        for part in ast.walk(test):
            if isinstance(part, ast.Name) and is_assumed(scope.load(part.id) or ANYTHING):
                scope.bind(part.id, ANYTHING)
        return self.block(other, scope)

    def _either(self, blocks: Sequence[Sequence[ast.stmt]], scope: Scope) -> Flow:
        """One of these blocks runs, and which cannot be told."""
        outcomes: list[tuple[Flow, set[str]]] = []
        for body in blocks:
            with self.machine.in_doubt(), scope.names.branch() as bound:
                flow = self.block(body, scope)
            outcomes.append((flow, bound))
        going_on = [bound for flow, bound in outcomes if flow in (Flow.NEXT, *MAYBE)]
        if going_on:
            scope.names.settle(set.intersection(*going_on))
        return joined([flow for flow, _ in outcomes])

    def run_for(self, node: ast.For | ast.AsyncFor, scope: Scope) -> Flow:
        source = elements_of(self.expressions.evaluate(node.iter, scope))
        if isinstance(source, Items) and source.complete and len(source.elements) <= MOST_ROUNDS:
            flow, broken = Flow.NEXT, False
            for element in list(source.elements):
                if not self.machine.has_steps():
                    return self._perhaps_rounds(node, scope)
                self.assignment.assign(node.target, element, scope)
                flow = self.block(node.body, scope)
                if flow in (Flow.RETURN, Flow.MAYBE_RETURN, Flow.RAISE):
                    return flow
                if flow is Flow.BREAK:
                    return Flow.NEXT
                broken = broken or flow is Flow.MAYBE_LOOP
            return self._otherwise(node, flow, scope) if broken else self.block(node.orelse, scope)
        refuse_iteration(self.machine, source)
        return self._perhaps_rounds(node, scope)

    def _perhaps_rounds(self, node: ast.For | ast.AsyncFor, scope: Scope) -> Flow:
        """How many rounds there are cannot be told: one stands for them."""
        with self.machine.in_doubt(), scope.names.branch():
            self.assignment.assign(node.target, ANYTHING, scope)
            flow = self.block(node.body, scope)
        return self._otherwise(node, flow, scope)

    def run_while(self, node: ast.While, scope: Scope) -> Flow:
        test = self.expressions.evaluate(node.test, scope)
        known = truth(test)
        if known is False:
            return self.block(node.orelse, scope)
        if known is True and isinstance(node.test, ast.Constant):
            flow = self.block(node.body, scope)
            return flow if flow in (Flow.RETURN, Flow.MAYBE_RETURN) else Flow.NEXT
        with self.machine.in_doubt(), scope.names.branch():
            flow = self.block(node.body, scope)
        return self._otherwise(node, flow, scope)

    def _otherwise(self, node: ast.For | ast.AsyncFor | ast.While, flow: Flow, scope: Scope) -> Flow:
        """The `else` of a loop whose rounds are not known, and whose body ended so: it runs without a `break`."""
        returned = flow in (Flow.RETURN, Flow.MAYBE_RETURN)
        if returned or _breaks(node.body):
            last = self._either([node.orelse, ()], scope)
        else:
            last = self.block(node.orelse, scope)
        return Flow.MAYBE_RETURN if returned else last

    def run_match(self, node: ast.Match, scope: Scope) -> Flow:
        subject = self.expressions.evaluate(node.subject, scope)
        undecided: list[Sequence[ast.stmt]] = []
        for case in node.cases:
            fits = self._fits(case.pattern, subject, scope)
            if fits is False:
                continue
            for name in _captured(case.pattern):
                scope.bind(name, ANYTHING)
            if fits:
                self._capture(case.pattern, subject, scope)
            reached = fits and not undecided
            with self.machine.in_doubt() if not reached else nullcontext():
                guard = (
                    truth(self.expressions.evaluate(case.guard, scope)) if case.guard is not None else True
                )
            if guard is False:
                continue
            if fits and guard and not undecided:
                return self.block(case.body, scope)
            undecided.append(case.body)
            if fits and guard:
                return self._either(undecided, scope)
        return self._either([*undecided, ()], scope) if undecided else Flow.NEXT

    def _fits(self, pattern: ast.pattern, subject: Value, scope: Scope) -> bool | None:
        """Does the subject match? None where it cannot be told."""
        match pattern:
            case ast.MatchAs(pattern=None):
                return True
            case ast.MatchAs(pattern=ast.pattern() as inner):
                return self._fits(inner, subject, scope)
            case ast.MatchOr():
                found = [self._fits(one, subject, scope) for one in pattern.patterns]
                return True if True in found else None if None in found else False
            case ast.MatchValue():
                value = self.expressions.evaluate(pattern.value, scope)
                if not (isinstance(subject, Constant) and isinstance(value, Constant)) or subject.assumed:
                    return None
                return value.value == subject.value
            case ast.MatchSequence():
                return self._fits_sequence(pattern.patterns, subject, scope)
            case _:
                return None

    def _fits_sequence(self, patterns: list[ast.pattern], subject: Value, scope: Scope) -> bool | None:
        if isinstance(subject, Constant):
            return False  # a text is no sequence here
        starred = any(isinstance(one, ast.MatchStar) for one in patterns)
        if not (isinstance(subject, Items) and subject.kind in ("list", "tuple") and subject.complete):
            return None
        if len(subject.elements) < len(patterns) - starred or (
            len(subject.elements) > len(patterns) and not starred
        ):
            return False
        verdict: bool | None = None if starred and not isinstance(patterns[-1], ast.MatchStar) else True
        for one, element in zip(patterns, subject.elements, strict=False):
            if isinstance(one, ast.MatchStar):
                break
            fits = self._fits(one, element, scope)
            if fits is False:
                return False
            verdict = verdict and fits
        return verdict

    def _capture(self, pattern: ast.pattern, subject: Value, scope: Scope) -> None:
        """The names that a pattern which fits binds; what is not followed is bound already."""
        match pattern:
            case ast.MatchAs(name=str() as name):
                scope.bind(name, subject)
            case ast.MatchSequence() if isinstance(subject, Items):
                for one, element in zip(pattern.patterns, subject.elements, strict=False):
                    if isinstance(one, ast.MatchStar):
                        break
                    self._capture(one, element, scope)
            case _:
                pass


def _breaks(body: Sequence[ast.AST]) -> bool:
    """Does a `break` in this block leave the loop that the block is of?"""
    todo = list(body)
    while todo:
        node = todo.pop()
        match node:
            case ast.Break():
                return True
            case ast.For() | ast.AsyncFor() | ast.While():
                todo += node.orelse
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.expr():
                pass
            case _:
                todo += ast.iter_child_nodes(node)
    return False


def _captured(pattern: ast.pattern) -> list[str]:
    names = []
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            names.append(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            names.append(node.rest)
    return names
