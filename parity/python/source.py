"""Bytes of a module -> its statements, or why the image's Python does not compile them."""

from __future__ import annotations

import ast
import sys
import warnings
from functools import lru_cache

from msgspec import Struct

from parity.model.location import Unknown
from parity.model.version import PythonVersion
from parity.python.columns import count_characters
from parity.python.no_file import NO_FILE
from parity.python.type_parameters import restore

RUNNING = PythonVersion(*sys.version_info[:2])
"""The interpreter that runs the tool decides only which reader is asked first, never the answer."""
NEWEST = PythonVersion(3, 14)
"""What LibCST reads."""


LARGEST = 4 << 20
"""Bytes of a module that is parsed."""
LARGE = 50_000
"""Bytes. CPython has no bound for some texts, but so many it reads in a second, and its stack does not overflow."""
TOO_LARGE = Unknown("it is too large, or too intricate, to be parsed")
TOO_DEEP = Unknown("its syntax is nested too deeply")


class SyntaxProblem(Struct, frozen=True):
    """Line and column from 1; `text` as Python says it; `since`: the version that first reads it, if any."""

    line: int
    column: int
    text: str
    since: PythonVersion | None = None
    exception: str = "SyntaxError"


@lru_cache(maxsize=2000)
def parse(data: bytes, python: PythonVersion | None) -> tuple[ast.stmt, ...] | SyntaxProblem | Unknown:
    """The module's statements as Python `python` reads them (None: any version).

    They are shared between the processes of a start-up: nobody may change them. Unknown where neither the running
    interpreter nor LibCST can tell, because the text is too large, too deep or too intricate.
    """
    tree = _read(data)
    lowered = False
    if isinstance(tree, SyntaxProblem):
        from parity.python.lowering import lower, type_parameters

        older = lower(data)
        if isinstance(older, Unknown) and (python is None or python > RUNNING):
            return older
        again = _read(older) if isinstance(older, bytes) else tree
        if isinstance(again, SyntaxProblem):
            return tree
        if isinstance(again, ast.Module):
            restore(again, type_parameters(data))
        tree, lowered = again, True
    if isinstance(tree, Unknown):
        return tree
    return _too_new(data, python, NEWEST if lowered else RUNNING) or tuple(tree.body)


@lru_cache(maxsize=5000)
def problem(data: bytes, python: PythonVersion | None) -> SyntaxProblem | None:
    """Why Python `python` does not compile the module, for one whose statements nobody asks for.

    Quicker than `parse`: CPython need not make its tree known to Python.
    """
    if is_too_much(data):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, NO_FILE, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        found = parse(data, python)
        return found if isinstance(found, SyntaxProblem) else None
    return _too_new(data, python, RUNNING)


def _too_new(data: bytes, python: PythonVersion | None, newest: PythonVersion) -> SyntaxProblem | None:
    """`newest`: the text is of this version or an older one."""
    if python is None or python >= newest:
        return None
    from parity.python.lowering import newer_features

    newer = newer_features(data, python, newest)
    return (
        SyntaxProblem(newer[0].line, newer[0].column, "invalid syntax", newer[0].version) if newer else None
    )


def is_too_much(data: bytes) -> bool:
    """Whether CPython's parser or compiler would need more time or memory for the text than a check may take."""
    if len(data) <= LARGE:
        return False
    if len(data) > LARGEST:
        return True
    from parity.python.syntax_reader import READER

    return not READER.can_compile(data)


def _read(data: bytes) -> ast.Module | SyntaxProblem | Unknown:
    if is_too_much(data):
        return TOO_LARGE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape sequence is not for our user
            tree = ast.parse(data, NO_FILE)
            compile(tree, NO_FILE, "exec", dont_inherit=True)  # what only the compiler refuses; never run
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
        return TOO_DEEP  # how deep is too deep differs between versions
