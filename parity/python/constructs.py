"""Which constructs that not every Python reads does a text contain? The process that `SyntaxReader` starts.

LibCST's parser recurses without a bound and tries some nestings again and again: a hostile text overflows its stack
or takes it years. So nothing but this process imports LibCST; it may die at any time.

A request is the length (four bytes, big-endian) and the UTF-8 of a text, an answer the length and the UTF-8 of JSON:
`seconds` of processor time and `found`, a row for each construct, or null where LibCST refuses the text.
`unread` stands for `found` where LibCST could not come to a verdict.
"""

from __future__ import annotations

import gc
import json
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

import libcst
from libcst.metadata import MetadataWrapper, PositionProvider

LONGEST_LIFE = 60
"""Seconds for one text, if the one who asked is gone and cannot end the process."""
MOST_MEMORY = 2 << 30
DEEPEST = 10_000
"""Python frames: a sum of a thousand strings is nested a thousand times."""

Row = tuple[str, int, tuple[int, int], tuple[int, int], str | None]
"""Name, minor version, start and end (lines from 1, columns from 0), and what stands for it in older syntax."""


def serve() -> None:
    """Answers until the requests end. The first answer is empty: LibCST is loaded."""
    _bound()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    gc.freeze()
    gc.disable()
    _send(answers, b"")
    while length := requests.read(4):
        text = requests.read(int.from_bytes(length, "big")).decode()
        if hasattr(signal, "alarm"):
            signal.alarm(LONGEST_LIFE)
        _send(answers, json.dumps(_answer(text)).encode())
        if hasattr(signal, "alarm"):
            signal.alarm(0)
        gc.collect()  # while the one who asked is busy with the answer


def constructs(text: str) -> Iterator[Row]:
    """Raises what LibCST raises on what it cannot read."""
    module = libcst.parse_module(text)
    positions = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    for node, place in positions.items():
        start, end = (place.start.line, place.start.column), (place.end.line, place.end.column)
        for name, minor, older in _of_node(node, module, end[0] - start[0]):
            yield name, minor, start, end, older
        if (
            isinstance(node, libcst.ExceptHandler)
            and isinstance(node.type, libcst.Tuple)
            and not node.type.lpar
        ):
            place = positions[node.type]
            start, end = (place.start.line, place.start.column), (place.end.line, place.end.column)
            older = f"({module.code_for_node(node.type)})"
            yield "except without parentheses", 14, start, end, older


def _answer(text: str) -> dict[str, Any]:
    started = time.process_time()
    answer: dict[str, Any] = {}
    try:
        answer["found"] = list(constructs(text))
    except libcst.ParserSyntaxError:
        answer["found"] = None
    except Exception as error:  # LibCST raises errors of several kinds on what is too much for it
        answer["unread"] = type(error).__name__
    answer["seconds"] = time.process_time() - started
    return answer


def _send(answers: BinaryIO, data: bytes) -> None:
    answers.write(len(data).to_bytes(4, "big") + data)
    answers.flush()


def _bound() -> None:
    sys.setrecursionlimit(DEEPEST)
    try:
        import resource
    except ImportError:  # Windows
        return
    for limit, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, MOST_MEMORY)):
        try:
            resource.setrlimit(limit, (most, most))
        except (OSError, ValueError):
            pass  # this system does not bound it


def _of_node(
    node: libcst.CSTNode, module: libcst.Module, height: int
) -> Iterator[tuple[str, int, str | None]]:
    """(name, minor version, older form) of what this node is; `height`: the line ends inside it."""
    match type(node).__name__:
        case "TypeParameters":
            yield "type parameters", 12, "\\\n" * height
        case "TypeAlias":
            yield "a type statement", 12, f"{module.code_for_node(node.name)} = None" + "\n" * height  # type: ignore[attr-defined]
        case "FormattedString":
            if _is_new_string(node, module):
                yield "an f-string of the new grammar", 12, _blank_string(height)
            if any(getattr(part, "equal", None) is not None for part in node.parts):  # type: ignore[attr-defined]
                yield "f'{x=}'", 8, None
        case "TemplatedString":
            yield "a t-string", 14, _blank_string(height)
        case "NamedExpr":
            yield "an assignment expression", 8, None
        case "ParamSlash":
            yield "positional-only parameters", 8, None
        case "Match":
            yield "a match statement", 10, None
        case "ExceptStarHandler":
            yield "except*", 11, None
        case "TypeParam" if getattr(node, "default", None) is not None:
            yield "a type parameter's default", 13, None


def _is_new_string(node: libcst.CSTNode, module: libcst.Module) -> bool:
    """PEP 701: the string's own quotes, backslashes or line ends inside an expression."""
    quote = node.end  # type: ignore[attr-defined]
    for part in node.parts:  # type: ignore[attr-defined]
        if type(part).__name__ == "FormattedStringExpression":
            inner = module.code_for_node(part.expression)
            if quote in inner or "\\" in inner or ("\n" in inner and len(quote) == 1):
                return True
    return False


def _blank_string(height: int) -> str:
    return '""' if not height else '"""' + "\n" * height + '"""'
