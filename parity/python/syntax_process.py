"""Reads texts that may break a parser: the process that `SyntaxReader` starts, and that may die at any time.

LibCST's parser recurses without a bound and tries some nestings again and again: a hostile text overflows its stack
or takes it years. CPython's own compiler takes time that grows with the square of some texts, or overflows at others.

A request is the length of what follows (four bytes, big-endian), the milliseconds of processor time that it may take
(four bytes), a letter, and a text; an answer is its length and JSON:
`l`  nothing: loads LibCST
`p`  the bytes of a module: compiles them, whatever the outcome
`c`  UTF-8: `found` is a row for each construct that not every Python reads, or null where LibCST refuses the text;
     `unread` stands for `found` where it came to no verdict
Each answer tells the `seconds` of processor time. A text that takes more than it may ends the process.
"""

from __future__ import annotations

import ast
import gc
import json
import signal
import sys
import time
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import libcst

LONGEST_LIFE = 120
"""Seconds for one text, if the one who asked is gone and cannot end the process."""
MOST_MEMORY = 2 << 30
NO_FILE = "/dev/null/module"
"""As in `no_file.py`, which this process does not import."""
DEEPEST = 10_000
"""Python frames: a sum of a thousand strings is nested a thousand times."""


Row = tuple[str, int, tuple[int, int], tuple[int, int], str | None, list[str]]
"""Name, minor version, start and end (lines from 1, columns from 0), what stands for it in older syntax, and the
names of type parameters."""


def serve() -> None:
    """Answers until the requests end. The first answer is to no request: the process has started."""
    _bound()
    warnings.simplefilter("ignore")
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    gc.disable()
    _send(answers, None)
    while length := requests.read(4):
        milliseconds, question = int.from_bytes(requests.read(4), "big"), requests.read(1)
        text = requests.read(int.from_bytes(length, "big") - 5)
        if hasattr(signal, "setitimer"):
            signal.alarm(LONGEST_LIFE)
            signal.setitimer(signal.ITIMER_PROF, milliseconds / 1000)  # SIGPROF ends the process
        _send(answers, _answer(question, text))
        if hasattr(signal, "setitimer"):
            signal.alarm(0)
            signal.setitimer(signal.ITIMER_PROF, 0)
        gc.collect()  # while the one who asked is busy with the answer


def _answer(question: bytes, text: bytes) -> dict[str, Any]:
    started = time.process_time()
    answer: dict[str, Any] = {}
    match question:
        case b"l":
            import libcst.metadata  # noqa: F401

            gc.freeze()
        case b"c":
            answer = _told(text.decode())
        case _:
            _compile(text)
    return {**answer, "seconds": time.process_time() - started}


def _compile(data: bytes) -> None:
    try:
        tree = ast.parse(data, NO_FILE)
        compile(tree, NO_FILE, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        pass  # an outcome like any other


def constructs(text: str) -> Iterator[Row]:
    """Raises what LibCST raises on what it cannot read."""
    import libcst
    from libcst.metadata import MetadataWrapper, PositionProvider

    module = libcst.parse_module(text)
    positions = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    for node, place in positions.items():
        start, end = (place.start.line, place.start.column), (place.end.line, place.end.column)
        for name, minor, older in _of_node(node, module, start, end):
            yield name, minor, start, end, older, _type_parameters(node)
        if (
            isinstance(node, libcst.ExceptHandler)
            and isinstance(node.type, libcst.Tuple)
            and not node.type.lpar
        ):
            place = positions[node.type]
            start, end = (place.start.line, place.start.column), (place.end.line, place.end.column)
            older = f"({module.code_for_node(node.type)})"
            yield "except without parentheses", 14, start, end, older, []


def _told(text: str) -> dict[str, Any]:
    import libcst

    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(DEEPEST)
    try:
        return {"found": list(constructs(text))}
    except libcst.ParserSyntaxError:
        return {"found": None}
    except Exception as error:  # LibCST raises errors of several kinds on what is too much for it
        return {"unread": type(error).__name__}
    finally:
        sys.setrecursionlimit(usual)


def _send(answers: BinaryIO, answer: Any) -> None:
    data = json.dumps(answer).encode()
    answers.write(len(data).to_bytes(4, "big") + data)
    answers.flush()


def _bound() -> None:
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
    node: libcst.CSTNode, module: libcst.Module, start: tuple[int, int], end: tuple[int, int]
) -> Iterator[tuple[str, int, str | None]]:
    """(name, minor version, older form) of what this node is, from `start` to `end`."""
    height = end[0] - start[0]  # the line ends inside it
    match type(node).__name__:
        case "TypeParameters":
            blank = " " * (end[1] if height else end[1] - start[1])  # what follows keeps its column
            yield "type parameters", 12, "\\\n" * height + blank
        case "TypeAlias":
            yield "a type statement", 12, f"{module.code_for_node(node.name)} = ..." + "\n" * height  # type: ignore[attr-defined]
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


def _type_parameters(node: libcst.CSTNode) -> list[str]:
    if type(node).__name__ != "TypeParameters":
        return []
    return [parameter.param.name.value for parameter in node.params]  # type: ignore[attr-defined]


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


if __name__ == "__main__":
    serve()
