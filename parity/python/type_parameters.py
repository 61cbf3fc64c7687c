"""The type parameters of a definition (PEP 695), whichever Python reads it."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Sequence

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class TypeParameter(ast.AST):
    """One of a definition that was read in older syntax. Its bound and default are evaluated only when asked for."""

    _fields = ("name",)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


def type_parameters(node: Definition) -> tuple[str, ...]:
    """The names that the definition binds for its annotations or bases, and for its body."""
    return tuple(parameter.name for parameter in getattr(node, "type_params", ()))


def restore(tree: ast.Module, parameters: Sequence[tuple[int, Sequence[str]]]) -> None:
    """Gives the definitions of a lowered module their type parameters. `parameters`: line of the `[`, and names.

    At most one `def` or `class` begins on a line: they are of the last that does so before them.
    """
    if not parameters:
        return
    definitions = sorted(
        (node for node in ast.walk(tree) if isinstance(node, Definition)), key=lambda node: node.lineno
    )
    lines = [node.lineno for node in definitions]
    for line, names in parameters:
        node = definitions[bisect_right(lines, line) - 1]
        node.type_params = [TypeParameter(name) for name in names]  # type: ignore[union-attr]
