"""What does this shell read of a text? From the first command that it has no syntax for, nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.shell.dialect import Dialect
from parity.shell.parse import parse
from parity.shell.syntax import (
    AndOr,
    Background,
    Case,
    Condition,
    For,
    Function,
    If,
    Pipeline,
    Redirected,
    Refused,
    Sequence,
    Simple,
    Statement,
    Subshell,
    Unparsed,
    While,
)

CARRIAGE_RETURN = "\\r"
_ARRAY = re.compile(r"[A-Za-z_]\w*\+?=\(")
_STREAM = re.compile(r"[^'\"\\]*[<>]\(")


def read(text: str, dialect: Dialect) -> Sequence:
    """The statements of `text`; the first that the shell refuses is a Refused, and the last."""
    body = parse(text)
    if "\r" in text and (broken := _broken(text, body)) is not None:
        before = parse("\n".join(text.split("\n")[: broken.line - 1]))
        return Sequence((*before.statements, broken))
    if dialect in (Dialect.BASH, Dialect.SH):
        return body
    for number, statement in enumerate(body.statements):
        refused = next(_refusals(statement, dialect), None)
        if refused is not None:
            return Sequence((*_earlier(body, number, line_of(statement)), refused))
    return body


def why_refused(part: str, dialect: Dialect) -> str:
    """In words, behind the text that is refused."""
    if part == CARRIAGE_RETURN:
        return "is no command of a shell: its lines end in a carriage return"
    return f"is no command of {dialect.value}, which has no `{part}`"


def _broken(text: str, body: Sequence) -> Refused | None:
    """The first command that lacks its `then` or its `fi` only because a carriage return stands behind the word."""
    plain = parse(text.replace("\r", ""))
    if not any(isinstance(one, Unparsed) for one in _within(body)):
        return None
    if any(isinstance(one, Unparsed) for one in _within(plain)):
        return None
    compound = next((one for one in plain.statements if isinstance(one, _COMPOUND)), None)
    line = line_of(compound) if compound is not None else 0
    return Refused(text.split("\n")[line - 1].rstrip("\r"), CARRIAGE_RETURN, line) if line else None


def _earlier(body: Sequence, number: int, line: int) -> tuple[Statement, ...]:
    """What has run by then: a shell reads whole lines."""
    return tuple(one for one in body.statements[:number] if line_of(one) != line)


def _refusals(statement: Statement, dialect: Dialect) -> Iterator[Refused]:
    for one in _within(statement):
        for part in _forms(one):
            if dialect.lacks(part):
                yield Refused(_shown(one), part, line_of(one))


def _forms(statement: Statement) -> Iterator[str]:
    """The parts of bash's grammar that a statement uses; those that only its expansion shows are left to that."""
    match statement:
        case Simple(assignments=assignments, words=words, redirects=redirects):
            if any(_ARRAY.match(word) for word in (*assignments, *words)):
                yield "A=()"
            if any(_STREAM.match(word) for word in (*words, *(r.target for r in redirects))):
                yield "<()"
            if any(redirect.operator == "<<<" for redirect in redirects):
                yield "<<<"
        case Redirected(redirects=redirects):
            if any(redirect.operator == "<<<" for redirect in redirects):
                yield "<<<"
            if any(_STREAM.match(redirect.target) for redirect in redirects):
                yield "<()"
        case Function(keyword=True):
            yield "function"
        case Pipeline(both=True):
            yield "|&"
        case Case(items=items):
            if any(item.ending != ";;" for item in items):
                yield ";&"
        case Condition(words=words):
            if not {"(", ")"}.isdisjoint(words):
                yield "[["
        case Unparsed(text=text):
            if re.match(r"for\s*\(\(", text):
                yield "for(("
            elif text.startswith("select "):
                yield "select"


def _within(statement: Statement) -> Iterator[Statement]:
    """The statement, and all in it."""
    todo = [statement]
    while todo:
        one = todo.pop()
        yield one
        match one:
            case Sequence(statements=inner) | Pipeline(commands=inner):
                todo += reversed(inner)
            case AndOr(left=left, right=right):
                todo += (right, left)
            case (
                Subshell(body=body)
                | Background(body=body)
                | Redirected(body=body)
                | For(body=body)
                | Function(body=body)
            ):
                todo.append(body)
            case While(condition=condition, body=body):
                todo += (body, condition)
            case If(branches=branches, otherwise=otherwise):
                todo += (otherwise, *(part for branch in reversed(branches) for part in reversed(branch)))
            case Case(items=items):
                todo += (item.body for item in reversed(items))
            case _:
                pass


def line_of(statement: Statement) -> int:
    """The line on which its first command stands, 0 for none."""
    return next((one.line for one in _within(statement) if not isinstance(one, _LINELESS)), 0)


_COMPOUND = (If, Case, For, While, Function, Sequence, Subshell, Redirected)
_LINELESS = (Pipeline, AndOr, Sequence, Subshell, Background, If, Case, For, While, Function)


def _shown(statement: Statement) -> str:
    """The words of its first command."""
    for one in _within(statement):
        match one:
            case Simple(assignments=assignments, words=words):
                return " ".join((*assignments, *words))
            case Function(name=name):
                return f"function {name}"
            case Unparsed(text=text):
                return text.split("\n")[0].rstrip("\r")
    return ""
