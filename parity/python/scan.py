"""Which import statements does a module contain, and under which headers do they stand?

One lexical pass skips strings, comments and brackets and finds the statements and the blocks around them; the
statements themselves are read by the parser of the running Python. So a module that no Python compiles is read too:
what is between its imports does not matter.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from parity.python.blocks import MODULE_SCOPE, Block, Scope, scope_of
from parity.python.literals import STRING, Literals
from parity.python.no_file import NO_FILE
from parity.python.text import text_of


class ImportedName(Struct, frozen=True):
    """One name of a statement.

    `import a.b as c`:          module "a.b", name None,    alias "c",  level 0
    `from .a import b`:         module "a",   name "b",     alias None, level 1
    `from . import b as c`:     module None,  name "b",     alias "c",  level 1
    `from a import *`:          module "a",   name "*",     alias None, level 0
    """

    module: str | None
    name: str | None
    alias: str | None = None
    level: int = 0


class ImportStatement(Struct, frozen=True):
    """An import statement: lines and columns from 1, `end_column` one past its last character."""

    names: tuple[ImportedName, ...]
    line: int
    column: int
    end_line: int
    end_column: int
    scope: Scope = MODULE_SCOPE

    def as_ast(self) -> ast.Import | ast.ImportFrom:
        """The same statement as CPython's parser gives it."""
        place = {
            "lineno": self.line,
            "col_offset": self.column - 1,
            "end_lineno": self.end_line,
            "end_col_offset": self.end_column - 1,
        }
        first = self.names[0]
        if first.name is None:
            return ast.Import([ast.alias(n.module or "", n.alias, **place) for n in self.names], **place)
        aliases = [ast.alias(n.name or "", n.alias, **place) for n in self.names]
        return ast.ImportFrom(first.module, aliases, first.level, **place)


_SPACE = r"[ \t\f]"
_HEADERS = "if|elif|else|for|while|try|except|finally|with|async|def|class|match|case"
_START = re.compile(rf"({_SPACE}*)((?:\\\n{_SPACE}*)*)(?:({_HEADERS})\b)?")
_IMPORT = re.compile(rf"(?:{_SPACE}|\\\n)*((?:import|from)\b)")
_COMMENT = re.compile(r"#[^\n]*")

# What can stand at the start of a line inside brackets in no Python: the brackets were never closed.
_UNCLOSED = (
    rf"{_SPACE}*(?:import|from[ \t]+[\w.]+[ \t]+import|class|(?:async[ \t]+)?def|try|while|with|return|raise"
    r"|del|global|nonlocal|assert|pass|break|continue|except|finally)\b"
)
_WITHIN = rf"[^'\"#\\()\[\]{{}}\n]++|{STRING}|\#[^\n]*+|\\\n|\n(?!{_UNCLOSED})"
_BRACKETS = rf"[\[({{](?:{_WITHIN})*[\])}}]"
_INSIDE = re.compile(rf"(?:{_WITHIN}|{_BRACKETS})*", re.DOTALL)
_REST = rf"(?:[^'\"#\\()\[\]{{}}\n;]++|{STRING}|\\\n|{_BRACKETS})*"
_OUTSIDE = re.compile(_REST, re.DOTALL)
_IN_HEADER = re.compile(rf"(?:[^'\"#\\()\[\]{{}}\n:]++|{STRING}|\\\n|{_BRACKETS})*", re.DOTALL)
_PLAIN_LINES = re.compile(
    rf"(?:{_SPACE}*+(?!(?:import|from|{_HEADERS})\b|\\){_REST}(?:\#[^\n]*+)?\n)+", re.DOTALL
)
_AT_UNCLOSED = re.compile(rf"\n(?={_UNCLOSED})")
_DEEPEST = 200  # brackets; CPython: MAXLEVEL, "too many nested parentheses"
_NOTHING_MORE = re.compile(rf"{_SPACE}*(?:\#[^\n]*)?(?:\n|\Z)")
_LITERAL_OR_BRACKETS = re.compile(rf"{STRING}|{_BRACKETS}", re.DOTALL)
_LAMBDA = re.compile(r"\blambda\b")


@lru_cache(maxsize=5000)
def scan(source: bytes) -> tuple[ImportStatement, ...]:
    """The import statements of a module in order, whether it compiles or not. Never raises.

    A statement that is itself no Python (`from a import`) is left out.
    """
    text = text_of(source)
    return tuple(_Reader(text).statements())


class _Reader:
    """Goes through the logical lines of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.last = max((found.start() for found in re.finditer(r"\bimport\b", text)), default=-1)
        self.blocks: list[Block] = []
        self.literals = Literals(text)
        self.found: list[tuple[int, int, Block | None]] = []

    def statements(self) -> Iterator[ImportStatement]:
        self._read()
        lines = _Lines(self.text)
        for start, end, block in self.found:
            names = _names(self.text[start:end])
            if names:
                yield ImportStatement(names, *lines.place(start), *lines.place(end), scope_of(block))

    def _read(self) -> None:
        text, at = self.text, 0
        while at < len(text):
            plain = _PLAIN_LINES.match(text, at)
            if plain:
                at = plain.end()
            if at > self.last and not any(block.keyword == "try" for block in self.blocks):
                return
            at = self._logical_line(at)

    def _logical_line(self, at: int) -> int:
        start = _START.match(self.text, at)
        assert start is not None
        if start[3] is None:
            return self._simple(start.end(), self._enclosing(_indentation(start[1], start[2])))
        indentation = _indentation(start[1], start[2])
        colon = self._colon(start.end())
        if start[3] in ("match", "case") and not self._is_soft_header(start, colon, indentation):
            return self._simple(start.start(3), self._enclosing(indentation))
        head = self.text[start.start(3) : colon]
        before = None
        while self.blocks and self.blocks[-1].indentation >= indentation:
            closed = self.blocks.pop()
            before = closed if closed.indentation == indentation else None
        parent = self._enclosing(indentation)
        block = Block.opened(head, indentation, parent, before)
        self.blocks.append(block)
        if self.text[colon : colon + 1] != ":":
            return self._simple(colon, block)
        block.one_line = _NOTHING_MORE.match(self.text, colon + 1) is None
        return self._simple(colon + 1, block)

    def _is_soft_header(self, start: re.Match[str], colon: int, indentation: int) -> bool:
        if self.text[colon : colon + 1] != ":" or not self.text[start.end() : colon].strip(" \t\f\\\n"):
            return False
        if start[3] == "match":
            return _NOTHING_MORE.match(self.text, colon + 1) is not None
        outer = self._enclosing(indentation)
        return outer is not None and outer.keyword == "match"

    def _enclosing(self, indentation: int) -> Block | None:
        for block in reversed(self.blocks):
            if block.indentation < indentation and not block.one_line:
                return block
        return None

    def _colon(self, at: int) -> int:
        """The place of the colon that ends a header which goes on at `at`, or of the end of the line."""
        text, lambdas = self.text, 0
        while True:
            found = _IN_HEADER.match(text, at)
            assert found is not None
            if "lambda" in found[0]:
                lambdas += len(_LAMBDA.findall(_LITERAL_OR_BRACKETS.sub("", found[0])))
            at = found.end()
            mark = text[at : at + 1]
            if mark != ":":
                if mark in ("\n", "#", ""):
                    return at
                at = self._past(at)
            elif text.startswith(":=", at):
                at += 2
            elif lambdas:
                lambdas -= 1
                at += 1
            else:
                return at

    def _simple(self, at: int, block: Block | None) -> int:
        """Reads simple statements up to the end of the logical line; the start of the next one."""
        text = self.text
        while True:
            begin = at
            while True:
                found = _OUTSIDE.match(text, at)
                assert found is not None
                at = found.end()
                if text[at : at + 1] in (";", "\n", "#", ""):
                    break
                at = self._past(at)
            start = _IMPORT.match(text, begin, at)
            if start:
                end = start.start(1) + len(text[start.start(1) : at].rstrip(" \t\f\\\n"))
                self.found.append((start.start(1), end, block))
            if text[at : at + 1] == ";":
                at += 1
                continue
            newline = text.find("\n", at)
            return newline + 1 if newline >= 0 else len(text)

    def _past(self, at: int) -> int:
        """The place after what the patterns cannot read: deep brackets, newer f-strings, broken literals."""
        text = self.text
        depth = 0
        while at < len(text):
            mark = text[at]
            if mark in "([{":
                depth += 1
                at += 1
            elif mark in ")]}":
                depth -= 1
                at += 1
            elif mark in "'\"":
                at = self.literals.past(at)
            elif mark == "\n" and depth > 0:
                return at  # the brackets are not closed
            elif mark == "\\":
                at += 1
            if depth <= 0:
                return at
            if depth > _DEEPEST:
                unclosed = _AT_UNCLOSED.search(text, at)
                return unclosed.start() if unclosed else len(text)
            found = _INSIDE.match(text, at)
            assert found is not None
            at = found.end()
        return at


class _Lines:
    """Offsets of a text -> line and column, for offsets that only grow."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.line = 1
        self.start = 0
        self.counted = 0

    def place(self, offset: int) -> tuple[int, int]:
        newlines = self.text.count("\n", self.counted, offset)
        self.counted = offset
        if newlines:
            self.line += newlines
            self.start = self.text.rfind("\n", 0, offset) + 1
        return self.line, offset - self.start + 1


def _indentation(space: str, continued: str) -> int:
    """The width of an indentation. CPython: tok_get_normal_mode; tabs to 8, a form feed starts again."""
    width = _width(space)
    return width or _width(continued.rpartition("\n")[2])


def _width(space: str) -> int:
    return len(space.rpartition("\f")[2].expandtabs(8))


def _names(text: str) -> tuple[ImportedName, ...]:
    # Nothing that is deep, and so no import statement, is given to a parser.
    if len(text) > _LONGEST:
        return ()
    bare = _COMMENT.sub("", text) if "#" in text else text
    if bare.count("(") > 1 or (
        bare.count(".") > _MOST_DOTS and any(part.count(".") > _MOST_DOTS for part in bare.split(","))
    ):
        return ()
    return _read_names(text) if len(text) > _REMEMBERED else _remembered_names(text)


_LONGEST = 100_000
_MOST_DOTS = 100
_REMEMBERED = 400


@lru_cache(maxsize=8192)
def _remembered_names(text: str) -> tuple[ImportedName, ...]:
    return _read_names(text)


def _read_names(text: str) -> tuple[ImportedName, ...]:
    """As the running Python's parser reads the statement: import statements have not changed since Python 3.0."""
    try:
        body = ast.parse(text, NO_FILE).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    match body:
        case [ast.Import(names=names)]:
            return tuple(ImportedName(alias.name, None, alias.asname) for alias in names)
        case [ast.ImportFrom(module=module, names=names, level=level)]:
            return tuple(ImportedName(module, alias.name, alias.asname, level or 0) for alias in names)
        case _:
            return ()
