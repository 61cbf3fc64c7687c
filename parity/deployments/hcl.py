"""The part of HCL that bake files are written in: blocks, attributes, texts, lists and objects.

HCL native syntax specification. What is computed (a function, a condition) is None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from parity.model.errors import ParityError

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+|\#[^\n]*|//[^\n]*|/\*(?:.*?\*/|.*))
    | (?P<line>\n)
    | (?P<text>"(?:[^"\\$]|\\.|\$(?!\{)|\$\{[^{}]*\})*")
    | (?P<heredoc><<-?(?P<mark>\w+)\n(?P<body>.*?)\n[ \t]*(?P=mark)(?=\n|$))
    | (?P<word>[\w.-]+)
    | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
LARGEST = 50_000
"""Characters of a file."""
MOST_HEREDOCS = 50
_DEEPEST = 30


def read_hcl(text: str) -> dict[str, Value]:
    """The blocks by type and label, `{"target": {"api": {...}}}`, beside the attributes. Raises ParityError."""
    reader = _Reader(text)
    body = reader.body(0)
    if reader.at < len(reader.tokens):
        raise ParityError("is not HCL that can be read")
    return body


class _Reader:
    def __init__(self, text: str) -> None:
        if len(text) > LARGEST or text.count("<<") > MOST_HEREDOCS:
            raise ParityError("is too large to be read")
        self.tokens: list[tuple[str, str]] = []
        for found in _TOKEN.finditer(text + "\n"):
            kind = found.lastgroup or ""
            if found["space"] is not None:
                continue
            if found["heredoc"] is not None:
                self.tokens.append(("heredoc", found["body"]))
            elif kind:
                self.tokens.append((kind, found[0]))
        self.at = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.at += 1
        return token

    def lines(self) -> None:
        while self.peek()[0] == "line" or self.peek()[1] == ",":
            self.at += 1

    def body(self, depth: int) -> dict[str, Value]:
        """Attributes and blocks, up to the closing brace or the end."""
        if depth > _DEEPEST:
            raise ParityError("is nested too deep to be read")
        found: dict[str, Value] = {}
        self.lines()
        while self.peek()[0] in ("word", "text"):
            name = _unquoted(self.take()[1])
            if self.peek()[1] in ("=", ":"):
                self.take()
                found[name] = self.value(depth + 1)
            else:
                self.block(name, found, depth)
            self.lines()
        return found

    def block(self, kind: str, found: dict[str, Value], depth: int) -> None:
        labels = []
        while self.peek()[0] in ("text", "word"):
            labels.append(_unquoted(self.take()[1]))
        if self.take()[1] != "{":
            raise ParityError("is not HCL that can be read")
        inner = self.body(depth + 1)
        if self.take()[1] != "}":
            raise ParityError("is not HCL that can be read")
        place = found.setdefault(kind, {})
        if isinstance(place, dict):
            place[labels[0] if labels else ""] = inner

    def value(self, depth: int) -> Value:
        kind, text = self.peek()
        result: Value = None
        if kind in ("text", "heredoc") or (kind == "word" and re.fullmatch(r"true|false|\d+", text)):
            self.take()
            result = _unquoted(text) if kind == "text" else text
        elif text == "[":
            result = self.items(depth)
        elif text == "{":
            self.take()
            result = self.body(depth)
            if self.take()[1] != "}":
                raise ParityError("is not HCL that can be read")
        if self.ends():
            return result
        self.computed()
        return None

    def items(self, depth: int) -> Value:
        self.take()
        found: list[Value] = []
        self.lines()
        while self.peek()[1] != "]":
            if self.peek()[0] == "end" or depth > _DEEPEST:
                raise ParityError("is not HCL that can be read")
            found.append(self.value(depth + 1))
            self.lines()
        self.take()
        return found

    def ends(self) -> bool:
        kind, text = self.peek()
        return kind in ("line", "end") or text in (",", "]", "}")

    def computed(self) -> None:
        """Passes over the rest of an expression."""
        open_signs = 0
        while self.peek()[0] != "end" and (open_signs > 0 or not self.ends()):
            sign = self.take()[1]
            open_signs += (sign in ("(", "[", "{")) - (sign in (")", "]", "}"))


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), text[1:-1])


def with_variables(value: Value, known: Mapping[str, str]) -> Value:
    """The texts with `${NAME}` replaced by the variables' defaults; others are left as they are."""
    if isinstance(value, str):
        return re.sub(r"\$\{\s*(\w+)\s*\}", lambda found: known.get(found[1], found[0]), value)
    if isinstance(value, list):
        return [with_variables(item, known) for item in value]
    if isinstance(value, dict):
        return {name: with_variables(item, known) for name, item in value.items()}
    return None
