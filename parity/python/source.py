"""Bytes of a module -> its statements, or why the image's Python does not compile them."""

from __future__ import annotations

import ast
import sys
import warnings
from dataclasses import dataclass
from functools import lru_cache

from parity.model.version import PythonVersion
from parity.python.columns import count_characters

RUNNING = PythonVersion(*sys.version_info[:2])
"""The interpreter that runs the tool decides only which reader is asked first, never the answer."""
NEWEST = PythonVersion(3, 14)
"""What LibCST reads."""


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Line and column from 1; `text` as Python says it; `since`: the version that first reads it, if any."""

    line: int
    column: int
    text: str
    since: PythonVersion | None = None
    exception: str = "SyntaxError"


@lru_cache(maxsize=2000)
def parse(data: bytes, python: PythonVersion | None) -> tuple[ast.stmt, ...] | SyntaxProblem:
    """The module's statements as Python `python` reads them (None: any version).

    They are shared between the processes of a start-up: nobody may change them.
    """
    tree = _read(data)
    lowered = False
    if isinstance(tree, SyntaxProblem):
        from parity.python.lowering import lower

        older = lower(data)
        again = _read(older) if older is not None else tree
        if isinstance(again, SyntaxProblem):
            return tree
        tree, lowered = again, True
    if python is not None and (lowered or python < RUNNING):
        from parity.python.lowering import newer_features

        newer = newer_features(data, python, NEWEST if lowered else RUNNING)
        if newer:
            return SyntaxProblem(newer[0].line, newer[0].column, "invalid syntax", newer[0].version)
    return tuple(tree.body)


def _read(data: bytes) -> ast.Module | SyntaxProblem:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape sequence is not for our user
            tree = ast.parse(data)
            compile(tree, "<module>", "exec", dont_inherit=True)  # what only the compiler refuses; never run
            count_characters(tree, data)
            return tree
    except SyntaxError as error:
        kind = type(error).__name__
        return SyntaxProblem(
            error.lineno or 1, max(error.offset or 1, 1), error.msg or "invalid syntax", None, kind
        )
    except ValueError as error:
        return SyntaxProblem(1, 1, str(error))
    except (RecursionError, MemoryError, OverflowError):
        return SyntaxProblem(1, 1, "too many nested parentheses")
