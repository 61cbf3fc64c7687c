"""What does a comprehension evaluate, and what does it give?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager

from parity.startup.state.machine import Machine
from parity.startup.state.namespace import Namespace
from parity.startup.state.scope import Scope
from parity.startup.state.values import ANYTHING, Constant, Generator, Items, Table, Value, elements_of, truth

MOST_ROUNDS = 200
"""Elements that are gone through one by one."""
Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


class Comprehensions:
    """Evaluates comprehensions for one `Machine`; `expression` evaluates what they are made of."""

    def __init__(self, machine: Machine, expression: Callable[[ast.expr | None, Scope], Value]) -> None:
        self.machine = machine
        self.expression = expression

    def evaluate(self, node: Comprehension, scope: Scope) -> Value:
        names = Namespace(locals=frozenset(n for part in node.generators for n in _stored(part.target)))
        inside = Scope(scope.module, names, scope.inner(), function=True, around=scope)
        for walrus in ast.walk(node):
            if isinstance(walrus, ast.NamedExpr):  # bound in a round that may not come
                with scope.statements.names.branch():
                    scope.statements.bind(walrus.target.id, ANYTHING)
        source = self.expression(node.generators[0].iter, scope)
        if isinstance(node, ast.GeneratorExp):
            return Generator(lambda: self._generated(node, source, inside))
        return self._made(node, source, inside)

    def _generated(self, node: ast.GeneratorExp, source: Value, inside: Scope) -> Value:
        with self.machine.frame(inside.module, node.lineno):
            return self._made(node, source, inside)

    def _made(self, node: Comprehension, source: Value, inside: Scope) -> Value:
        made = _Made(node)
        self._rounds(made, 0, source, inside)
        return made.value

    def _rounds(self, made: _Made, depth: int, source: Value, inside: Scope) -> None:
        """Every round of the `for` at this depth, with those inside it."""
        generator = made.node.generators[depth]
        source = elements_of(source)
        if isinstance(source, Items) and source.complete and len(source.elements) <= MOST_ROUNDS:
            for element in list(source.elements):
                made.rounds += 1
                if made.rounds > MOST_ROUNDS or not self.machine.has_steps():
                    made.value.complete = False
                    return
                _bind(generator.target, element, inside.names)
                self._round(made, depth, inside)
            return
        with self._perhaps(made):
            _bind(generator.target, ANYTHING, inside.names)
            self._round(made, depth, inside)

    def _round(self, made: _Made, depth: int, inside: Scope) -> None:
        generators = made.node.generators
        with ExitStack() as doubts:
            for test in generators[depth].ifs:
                known = truth(self.expression(test, inside))
                if known is False:
                    return
                if known is None:
                    doubts.enter_context(self._perhaps(made))
            if depth + 1 < len(generators):
                source = self.expression(generators[depth + 1].iter, inside)
                self._rounds(made, depth + 1, source, inside)
            elif isinstance(made.node, ast.DictComp):
                key = self.expression(made.node.key, inside)
                made.enter(key, self.expression(made.node.value, inside))
            else:
                made.add(self.expression(made.node.elt, inside))

    @contextmanager
    def _perhaps(self, made: _Made) -> Iterator[None]:
        """What is made here may or may not be among the elements."""
        made.value.complete = False
        made.doubts += 1
        try:
            with self.machine.in_doubt():
                yield
        finally:
            made.doubts -= 1


class _Made:
    """What a comprehension has come to so far, after how many rounds, and in how many doubts."""

    def __init__(self, node: Comprehension) -> None:
        self.node = node
        kind = "set" if isinstance(node, ast.SetComp) else "list"
        self.value: Items | Table = Table({}) if isinstance(node, ast.DictComp) else Items(kind, [])
        self.rounds = 0
        self.doubts = 0

    def add(self, element: Value) -> None:
        if isinstance(self.value, Items) and not self.doubts:
            self.value.elements.append(element)

    def enter(self, key: Value, value: Value) -> None:
        if isinstance(self.value, Table) and isinstance(key, Constant) and not self.doubts:
            self.value.entries[key.value] = value
        else:
            self.value.complete = False


def _bind(target: ast.expr, value: Value, names: Namespace) -> None:
    match target:
        case ast.Name():
            names.bind(target.id, value)
        case ast.Tuple() | ast.List():
            known = value.elements if isinstance(value, Items) and value.complete else ()
            fits = len(known) == len(target.elts)
            for index, part in enumerate(target.elts):
                plain = fits and not any(isinstance(one, ast.Starred) for one in target.elts)
                _bind(part, known[index] if plain else ANYTHING, names)
        case ast.Starred():
            _bind(target.value, ANYTHING, names)
        case _:
            pass


def _stored(target: ast.expr) -> Iterable[str]:
    return (node.id for node in ast.walk(target) if isinstance(node, ast.Name))
