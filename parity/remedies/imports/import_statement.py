"""How does one import statement read without some of its names, or with one more?"""

from __future__ import annotations

import ast
from collections.abc import Set
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst

LONGEST = 20_000
"""Characters of a statement that is rewritten."""


def without(text: str, names: Set[str]) -> str | None:
    """`text` is a `from` import alone, from its first column on; None where nothing would be left of it.

    `names` as the statement imports them, not as it binds them. Layout and the other names' comments stay.
    Raises ValueError for what LibCST does not read.
    """
    import libcst

    module, statement = _read(text)
    if isinstance(statement.names, libcst.ImportStar):
        raise ValueError(text)
    kept = [alias for alias in statement.names if alias.evaluated_name not in names]
    if not kept:
        return None
    if kept[-1] is not statement.names[-1]:
        kept[-1] = kept[-1].with_changes(comma=statement.names[-1].comma)
    return _code(module, statement, kept)


def with_first(text: str, name: str) -> str:
    """The same with one more name, the first. Raises ValueError."""
    import libcst

    module, statement = _read(text)
    if isinstance(statement.names, libcst.ImportStar):
        raise ValueError(text)
    first = statement.names[0]
    comma = first.comma
    if len(statement.names) == 1 or not isinstance(comma, libcst.Comma):
        comma = libcst.Comma(whitespace_after=libcst.SimpleWhitespace(" "))
    elif isinstance(
        comma.whitespace_after, libcst.ParenthesizedWhitespace
    ):  # without the first name's comment
        line = comma.whitespace_after.first_line.with_changes(
            whitespace=libcst.SimpleWhitespace(""), comment=None
        )
        comma = comma.with_changes(
            whitespace_after=comma.whitespace_after.with_changes(first_line=line, empty_lines=[])
        )
    added = libcst.ImportAlias(libcst.Name(name), comma=comma)
    return _code(module, statement, [added, *statement.names])


def written(statement: ast.ImportFrom, names: Set[str]) -> str:
    """These names of the statement (as it imports them), on one line."""
    shown = [
        f"{alias.name} as {alias.asname}" if alias.asname else alias.name
        for alias in statement.names
        if alias.name in names
    ]
    return f"from {'.' * statement.level}{statement.module or ''} import {', '.join(shown)}"


def _read(text: str) -> tuple[libcst.Module, libcst.ImportFrom]:
    import libcst

    if len(text) > LONGEST:
        raise ValueError(text)
    try:
        module = libcst.parse_module(text)
    except (libcst.ParserSyntaxError, UnicodeError) as error:
        raise ValueError(text) from error
    match module.body:
        case [libcst.SimpleStatementLine(body=[libcst.ImportFrom() as statement])]:
            return module, statement
        case _:
            raise ValueError(text)


def _code(module: libcst.Module, statement: libcst.ImportFrom, names: list[libcst.ImportAlias]) -> str:
    import libcst

    changed = module.deep_replace(statement, statement.with_changes(names=names))
    return changed.code if isinstance(changed, libcst.Module) else ""
