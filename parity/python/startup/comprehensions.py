"""What does a comprehension evaluate, and what does it give?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from parity.python.startup.machine import Machine
from parity.python.startup.namespace import Namespace
from parity.python.startup.scope import Scope
from parity.python.startup.values import ANYTHING, Items, Value, truth


class Comprehensions:
    """Evaluates comprehensions for one `Machine`; `expression` evaluates what they are made of."""

    def __init__(self, machine: Machine, expression: Callable[[ast.expr | None, Scope], Value]) -> None:
        self.machine = machine
        self.expression = expression

    def evaluate(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, scope: Scope
    ) -> Value:
        names = Namespace(locals=frozenset(n for part in node.generators for n in _stored(part.target)))
        inside = Scope(scope.module, names, scope.inner(), function=True, around=scope)
        for walrus in ast.walk(node):
            if isinstance(walrus, ast.NamedExpr):  # bound in a round that may not come
                with scope.statements.names.branch():
                    scope.statements.bind(walrus.target.id, ANYTHING)
        first = node.generators[0]
        source = self.expression(first.iter, scope)
        lazy = isinstance(node, ast.GeneratorExp)
        simple = (
            len(node.generators) == 1
            and not isinstance(node, ast.DictComp)
            and isinstance(first.target, ast.Name)
        )
        if (
            simple
            and not lazy
            and isinstance(source, Items)
            and source.complete
            and len(source.elements) <= 200
        ):
            return self._known(node, first, source, inside)
        if lazy:
            return ANYTHING
        with self.machine.in_doubt():
            for generator in node.generators:
                if generator is not first:
                    self.expression(generator.iter, inside)
                for name in _stored(generator.target):
                    names.bind(name, ANYTHING)
                for test in generator.ifs:
                    self.expression(test, inside)
            if isinstance(node, ast.DictComp):
                self.expression(node.key, inside)
                self.expression(node.value, inside)
            else:
                self.expression(node.elt, inside)
        return ANYTHING

    def _known(self, node: ast.expr, generator: ast.comprehension, source: Items, inside: Scope) -> Value:
        assert isinstance(node, ast.ListComp | ast.SetComp)
        assert isinstance(generator.target, ast.Name)
        made = Items("set" if isinstance(node, ast.SetComp) else "list", [])
        for element in source.elements:
            inside.names.bind(generator.target.id, element)
            tests = [truth(self.expression(test, inside)) for test in generator.ifs]
            if False in tests:
                continue
            if None in tests:
                made.complete = False
                with self.machine.in_doubt():
                    self.expression(node.elt, inside)
                continue
            made.elements.append(self.expression(node.elt, inside))
        return made


def _stored(target: ast.expr) -> Iterable[str]:
    return (node.id for node in ast.walk(target) if isinstance(node, ast.Name))
