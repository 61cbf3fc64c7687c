"""Source newer than the interpreter that runs the tool, and older Pythons than it: what LibCST says of syntax.

LibCST reads the syntax of Python 3.14 whatever Python runs it. `lower` rewrites what is new so that an older
`ast` reads the same imports and bindings on the same lines; `newer_features` tells what an older Python
would refuse.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from parity.model.location import Unknown
from parity.model.version import PythonVersion
from parity.python.literals import Literals
from parity.python.syntax_reader import READER, Construct, Refused
from parity.python.text import text_of


class Feature(Struct, frozen=True):
    """A construct that Python reads from `version` on; line and column from 1."""

    name: str
    version: PythonVersion
    line: int
    column: int


def lower(source: bytes) -> bytes | Refused | Unknown:
    """The module in older syntax, line for line; Unknown where LibCST gives no answer."""
    text = text_of(source)
    found = _constructs(text)
    if not isinstance(found, tuple):
        return found
    lines = text.split("\n")
    for one in reversed(_replaced(found)):
        (first, begin), (last, end) = one.start, one.end
        before, after = lines[first - 1][:begin], lines[last - 1][end:]
        lines[first - 1 : last] = (before + (one.older or "") + after).split("\n")
    return "\n".join(lines).encode("utf8", "surrogateescape")


def type_parameters(source: bytes) -> list[tuple[int, tuple[str, ...]]]:
    """What `lower` leaves out of the headers of definitions: the line of the `[`, and the names, in order."""
    found = _constructs(text_of(source))
    return [(c.start[0], c.binds) for c in _replaced(found) if c.binds] if isinstance(found, tuple) else []


def newer_features(source: bytes, python: PythonVersion, read_by: PythonVersion) -> tuple[Feature, ...]:
    """The constructs that `python` does not read and a later version does, in order.

    `read_by`: a version that is known to read the module. () where LibCST does not tell. Knows what came with
    Python 3.8 and later.
    """
    if not any(python < (3, minor) <= read_by and sign.search(source) for minor, sign in _SIGNS):
        return ()
    found = _constructs(text_of(source))
    if not isinstance(found, tuple):
        return ()
    features = (Feature(c.name, PythonVersion(3, c.minor), c.start[0], c.start[1] + 1) for c in found)
    newer = (feature for feature in features if feature.version > python)
    return tuple(sorted(newer, key=lambda feature: (feature.line, feature.column)))


def _replaced(found: tuple[Construct, ...]) -> list[Construct]:
    """The outermost constructs that have an older form, in order."""
    outermost: list[Construct] = []
    for one in sorted(found, key=lambda c: (c.start, (-c.end[0], -c.end[1]))):
        if one.older is not None and (not outermost or one.start >= outermost[-1].end):
            outermost.append(one)
    return outermost


@lru_cache(maxsize=4)  # a module is lowered and searched for newer features one after the other
def _constructs(text: str) -> tuple[Construct, ...] | Refused | Unknown:
    found = READER.constructs(text)
    if isinstance(found, Refused) and _is_beyond_libcst(text):
        return Unknown("its syntax cannot be read within bounds of time and depth")
    return found


def _is_beyond_libcst(text: str) -> bool:
    """LibCST: MAX_RECURSION_DEPTH; it refuses more adjacent strings, or loops of a comprehension, than that."""
    if len(_FOR.findall(text)) >= _MOST_REPEATED:
        return True
    run = last = 0
    for start, end in Literals(text):
        run = run + 1 if _BETWEEN_STRINGS.fullmatch(text, last, start) else 1
        if run >= _MOST_REPEATED:
            return True
        last = end
    return False


_MOST_REPEATED = 3000
_FOR = re.compile(r"\bfor\b")
_BETWEEN_STRINGS = re.compile(r"(?:[\s\\]|\#[^\n]*)*[rRbBuUfFtT]{0,2}")
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
