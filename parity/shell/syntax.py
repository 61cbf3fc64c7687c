"""The statements of a shell script as values: syntax only, words as they are written."""

from __future__ import annotations

from dataclasses import dataclass

from parity.shell.heredocs import Heredoc


@dataclass(frozen=True, slots=True)
class Redirect:
    """`2>>file`: descriptor (None: the operator's own), operator, the target word or a heredoc."""

    descriptor: int | None
    operator: str
    target: str
    heredoc: Heredoc | None = None


@dataclass(frozen=True, slots=True)
class Simple:
    """`NAME=value ... program argument ... redirect ...`, words with their quotes on."""

    assignments: tuple[str, ...]
    words: tuple[str, ...]
    redirects: tuple[Redirect, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Condition:
    """`[[ ... ]]`: the words between the brackets."""

    words: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    commands: tuple[Statement, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class AndOr:
    """`left && right`, or `left || right` where `either`."""

    left: Statement
    right: Statement
    either: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Subshell:
    body: Sequence


@dataclass(frozen=True, slots=True)
class Background:
    body: Statement


@dataclass(frozen=True, slots=True)
class If:
    """`branches`: condition and body of `if` and each `elif`."""

    branches: tuple[tuple[Sequence, Sequence], ...]
    otherwise: Sequence


@dataclass(frozen=True, slots=True)
class CaseItem:
    """`ending` is `;;`, `;&` or `;;&`."""

    patterns: tuple[str, ...]
    body: Sequence
    ending: str


@dataclass(frozen=True, slots=True)
class Case:
    word: str
    items: tuple[CaseItem, ...]


@dataclass(frozen=True, slots=True)
class For:
    """`words` is None for `for x; do`, which runs over the arguments."""

    name: str
    words: tuple[str, ...] | None
    body: Sequence


@dataclass(frozen=True, slots=True)
class While:
    condition: Sequence
    body: Sequence
    until: bool


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    body: Statement


@dataclass(frozen=True, slots=True)
class Redirected:
    """A compound statement with redirects of its own."""

    body: Statement
    redirects: tuple[Redirect, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Unparsed:
    """Text that no shell grammar explains, or that this one does not follow."""

    text: str
    line: int


Statement = (
    Simple
    | Condition
    | Pipeline
    | AndOr
    | Sequence
    | Subshell
    | Background
    | If
    | Case
    | For
    | While
    | Function
    | Redirected
    | Unparsed
)
