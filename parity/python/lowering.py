"""Source newer than the interpreter that runs the tool, and older Pythons than it: what LibCST says of syntax.

LibCST reads the syntax of Python 3.14 whatever Python runs it. `lower` rewrites what is new so that an older
`ast` reads the same imports and bindings on the same lines; `newer_features` tells what an older Python
would refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parity.model.version import PythonVersion

if TYPE_CHECKING:
    import libcst


@dataclass(frozen=True, slots=True)
class Feature:
    """A construct that Python reads from `version` on; line and column from 1."""

    name: str
    version: PythonVersion
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class _Found:
    """A construct with its span (lines from 1, columns from 0) and what stands for it in older syntax."""

    name: str
    minor: int
    start: tuple[int, int]
    end: tuple[int, int]
    older: str | None


def lower(source: bytes) -> bytes | None:
    """The module in older syntax, line for line; None where LibCST cannot read it either."""
    found = _read(source)
    if found is None:
        return None
    text, constructs = found
    lines = text.split("\n")
    outermost: list[_Found] = []
    for one in sorted(constructs, key=lambda c: (c.start, (-c.end[0], -c.end[1]))):
        if one.older is not None and (not outermost or one.start >= outermost[-1].end):
            outermost.append(one)
    for one in reversed(outermost):
        (first, begin), (last, end) = one.start, one.end
        before, after = lines[first - 1][:begin], lines[last - 1][end:]
        lines[first - 1 : last] = (before + (one.older or "") + after).split("\n")
    return "\n".join(lines).encode("utf8", "surrogateescape")


def newer_features(source: bytes, python: PythonVersion, read_by: PythonVersion) -> tuple[Feature, ...]:
    """The constructs that `python` does not read and a later version does, in order.

    `read_by`: a version that is known to read the module. () where LibCST cannot read it. Knows what came with
    Python 3.8 and later.
    """
    if not any(python < (3, minor) <= read_by and sign.search(source) for minor, sign in _SIGNS):
        return ()
    found = _read(source)
    if found is None:
        return ()
    features = (Feature(c.name, PythonVersion(3, c.minor), c.start[0], c.start[1] + 1) for c in found[1])
    newer = (feature for feature in features if feature.version > python)
    return tuple(sorted(newer, key=lambda feature: (feature.line, feature.column)))


_BEGINS = rb"(?:^|[;:])[ \t\f]*"
_GENERIC = (
    _BEGINS
    + rb"(?:type(?:[ \t\f]|\\\n)+\w|(?:async\s+)?(?:def|class)(?:[ \t\f]|\\\n)+\w+(?:[ \t\f]|\\\n)*\[)"
)
_EXPRESSION = rb"\{(?!\{)[^}\n\\%(quote)s]*"
_TEXT = rb"(?:[^\n\\{%(quote)s]|\\.|\{\{|" + _EXPRESSION + rb"\})*"
_LONG = rb"(?:(?!%(quote)s)[^\\{]|\\.|\{\{|\{(?!\{)(?:(?!%(quote)s)[^}\\])*\})*\{(?!\{)[^}]*?(?:%(quote)s|\\)"
_NEW_STRINGS = b"|".join(
    rb"\b(?:[fF][rR]?|[rR][fF])" + form % {b"quote": quote}
    for quote in (b"'", b'"')
    for form in (
        b"%(quote)s(?!%(quote)s)" + _TEXT + _EXPRESSION + rb"[%(quote)s\n\\]",
        3 * b"%(quote)s" + _LONG.replace(b"%(quote)s", 3 * b"%(quote)s"),
    )
)
_SIGNS = (
    (8, re.compile(rb":=|/\s*(?:,|\))|=\s*[!:}]")),
    (10, re.compile(_BEGINS + rb"match\b", re.MULTILINE)),
    (11, re.compile(rb"\bexcept\s*\*")),
    (12, re.compile(_GENERIC + b"|" + _NEW_STRINGS, re.MULTILINE | re.DOTALL)),
    (13, re.compile(_GENERIC, re.MULTILINE)),
    (
        14,
        re.compile(
            rb"(?<!['\"\w])(?:[tT][rR]?|[rR][tT])['\"]|" + _BEGINS + rb"except\b[^:(\n]*,", re.MULTILINE
        ),
    ),
)
"""What a module contains, in any place, that has a construct of this minor version: LibCST need not read the others."""


def _read(source: bytes) -> tuple[str, list[_Found]] | None:
    import libcst
    from libcst.metadata import MetadataWrapper, PositionProvider

    try:
        module = libcst.parse_module(source)
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        positions = wrapper.resolve(PositionProvider)
    except Exception:  # LibCST raises errors of several kinds on what it cannot read
        return None
    found: list[_Found] = []
    for node, place in positions.items():
        start, end = (place.start.line, place.start.column), (place.end.line, place.end.column)
        for name, minor, older in _constructs(node, module, end[0] - start[0]):
            found.append(_Found(name, minor, start, end, older))
        if (
            isinstance(node, libcst.ExceptHandler)
            and isinstance(node.type, libcst.Tuple)
            and not node.type.lpar
        ):
            place = positions[node.type]
            start, end = (place.start.line, place.start.column), (place.end.line, place.end.column)
            older = f"({module.code_for_node(node.type)})"
            found.append(_Found("except without parentheses", 14, start, end, older))
    return module.code, found


def _constructs(
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
