"""Which edits import something for type checkers alone?"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence

from parity.model.finding import Edit
from parity.remedies.imports.import_statement import with_first

NAME = "TYPE_CHECKING"


def import_for_type_checkers(
    path: str, lines: list[str], body: Sequence[ast.stmt], text: str, removed: tuple[int, int] | None
) -> Iterator[Edit]:
    """`text`, an import statement, under `if TYPE_CHECKING:`; what that needs is imported where it is missing.

    `removed`: the first and last of the lines that another edit takes out. Raises ValueError.
    """
    block = next((one for one in body if isinstance(one, ast.If) and _asks(one.test)), None)
    if block is not None:
        yield _added(path, lines, block, text)
        return
    imports = _leading_imports(body)
    if not imports:
        raise ValueError(path)
    test, needed = _test(path, lines, imports, removed)
    yield from needed
    at = imports[-1].end_lineno or imports[-1].lineno
    above = at
    while removed and removed[0] <= above <= removed[1]:
        above = removed[0] - 1
    before = "\n" if above and lines[above - 1].strip() else ""
    after = "\n" if at < len(lines) and lines[at].strip() else ""
    yield Edit(path, at + 1, at, f"{before}if {test}:\n    {text}\n{after}")


def _asks(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == NAME) or (
        isinstance(test, ast.Attribute) and test.attr == NAME and isinstance(test.value, ast.Name)
    )


def _added(path: str, lines: list[str], block: ast.If, text: str) -> Edit:
    """Below the last import of the block, or above its first statement."""
    first = block.body[0]
    if first.lineno == block.test.lineno:
        raise ValueError(path)
    imports = [one for one in block.body if isinstance(one, ast.Import | ast.ImportFrom)]
    line = lines[first.lineno - 1]
    indentation = line[: len(line) - len(line.lstrip())]
    at = (imports[-1].end_lineno or imports[-1].lineno) if imports else first.lineno - 1
    return Edit(path, at + 1, at, f"{indentation}{text}\n")


def _leading_imports(body: Sequence[ast.stmt]) -> list[ast.Import | ast.ImportFrom]:
    found: list[ast.Import | ast.ImportFrom] = []
    for number, one in enumerate(body):
        if isinstance(one, ast.Import | ast.ImportFrom):
            found.append(one)
        elif number or not isinstance(one, ast.Expr):  # a docstring
            break
    return found


def _test(
    path: str,
    lines: list[str],
    imports: list[ast.Import | ast.ImportFrom],
    removed: tuple[int, int] | None,
) -> tuple[str, list[Edit]]:
    """How the condition is written, and the edits that import what it names."""
    for one in imports:
        for alias in one.names:
            if isinstance(one, ast.ImportFrom) and one.module == "typing" and alias.name == NAME:
                return alias.asname or NAME, []
            if isinstance(one, ast.Import) and alias.name == "typing":
                return f"{alias.asname or 'typing'}.{NAME}", []
    for one in imports:
        if isinstance(one, ast.ImportFrom) and one.module == "typing" and not one.level:
            last = one.end_lineno or one.lineno
            source = "\n".join(lines[one.lineno - 1 : last])
            return NAME, [Edit(path, one.lineno, last, with_first(source + "\n", NAME))]
    line = f"from typing import {NAME}\n"
    standard = [one for one in imports if _is_standard(one)]
    if standard:
        at = standard[-1].end_lineno or standard[-1].lineno
        return NAME, [Edit(path, at + 1, at, line)]
    future = [one for one in imports if isinstance(one, ast.ImportFrom) and one.module == "__future__"]
    if future:
        at = future[-1].end_lineno or future[-1].lineno
        return NAME, [Edit(path, at + 1, at, f"\n{line}")]
    at = imports[0].lineno
    if lines[at - 1].startswith("\ufeff"):
        raise ValueError(path)
    blank_follows = removed is not None and removed[0] == at and len(imports) > 1 and not lines[removed[1]]
    return NAME, [Edit(path, at, at - 1, line if blank_follows else f"{line}\n")]


def _is_standard(statement: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(statement, ast.ImportFrom):
        first = "" if statement.level else (statement.module or "").partition(".")[0]
        return first in sys.stdlib_module_names and first != "__future__"
    return all(alias.name.partition(".")[0] in sys.stdlib_module_names for alias in statement.names)
