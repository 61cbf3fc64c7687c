"""The statements of a shell script as values: syntax only, words as they are written."""

from __future__ import annotations

from msgspec import Struct

from parity.shell.heredocs import Heredoc


class Redirect(Struct, frozen=True):
    """`2>>file`: descriptor (None: the operator's own), operator, the target word or a heredoc."""

    descriptor: int | None
    operator: str
    target: str
    heredoc: Heredoc | None = None


class Simple(Struct, frozen=True):
    """`NAME=value ... program argument ... redirect ...`, words with their quotes on."""

    assignments: tuple[str, ...]
    words: tuple[str, ...]
    redirects: tuple[Redirect, ...]
    line: int


class Condition(Struct, frozen=True):
    """`[[ ... ]]`: the words between the brackets."""

    words: tuple[str, ...]
    line: int


class Pipeline(Struct, frozen=True):
    """`both`: a `|&` is among its bars."""

    commands: tuple[Statement, ...]
    negated: bool
    both: bool = False


class AndOr(Struct, frozen=True):
    """`left && right`, or `left || right` where `either`."""

    left: Statement
    right: Statement
    either: bool


class Sequence(Struct, frozen=True):
    statements: tuple[Statement, ...]


class Subshell(Struct, frozen=True):
    body: Sequence


class Background(Struct, frozen=True):
    body: Statement


class If(Struct, frozen=True):
    """`branches`: condition and body of `if` and each `elif`."""

    branches: tuple[tuple[Sequence, Sequence], ...]
    otherwise: Sequence


class CaseItem(Struct, frozen=True):
    """`ending` is `;;`, `;&` or `;;&`."""

    patterns: tuple[str, ...]
    body: Sequence
    ending: str


class Case(Struct, frozen=True):
    word: str
    items: tuple[CaseItem, ...]


class For(Struct, frozen=True):
    """`words` is None for `for x; do`, which runs over the arguments."""

    name: str
    words: tuple[str, ...] | None
    body: Sequence


class While(Struct, frozen=True):
    condition: Sequence
    body: Sequence
    until: bool


class Function(Struct, frozen=True):
    """`keyword`: it is written with bash's `function`."""

    name: str
    body: Statement
    keyword: bool = False


class Redirected(Struct, frozen=True):
    """A compound statement with redirects of its own."""

    body: Statement
    redirects: tuple[Redirect, ...]
    line: int


class Unparsed(Struct, frozen=True):
    """Text that no shell grammar explains, or that this one does not follow."""

    text: str
    line: int


class Refused(Struct, frozen=True):
    """Text that the shell at hand does not read; `part`: which form of it, as the shell's dialect names it."""

    text: str
    part: str
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
    | Refused
)
