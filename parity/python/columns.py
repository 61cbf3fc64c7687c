"""In which column of the text does a node of `ast` stand? `ast` itself counts bytes of UTF-8."""

from __future__ import annotations

import ast
from bisect import bisect_left

from parity.python.text import text_of


def count_characters(tree: ast.Module, data: bytes) -> None:
    """Changes the columns of every node into characters; only lines that are not ASCII are looked at."""
    if data.isascii():
        return
    lines = text_of(data).split("\n")
    wide = [number for number, line in enumerate(lines, 1) if not line.isascii()]

    def characters(number: int, column: int) -> int:
        line = lines[number - 1] if number <= len(lines) else ""
        return (
            column
            if line.isascii()
            else len(line.encode("utf8", "surrogateescape")[:column].decode("utf8", "replace"))
        )

    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt | ast.expr | ast.excepthandler | ast.arg | ast.keyword | ast.alias):
            end = node.end_lineno or node.lineno
            at = bisect_left(wide, _first_line(node))
            if at == len(wide) or wide[at] > end:
                continue
            node.col_offset = characters(node.lineno, node.col_offset)
            if node.end_col_offset is not None:
                node.end_col_offset = characters(end, node.end_col_offset)
        waiting.extend(ast.iter_child_nodes(node))


def _first_line(node: ast.stmt | ast.expr | ast.excepthandler | ast.arg | ast.keyword | ast.alias) -> int:
    """Decorators stand above the line of what they decorate."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.decorator_list:
        return node.decorator_list[0].lineno
    return node.lineno
