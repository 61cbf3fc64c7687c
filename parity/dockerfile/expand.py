"""What does a word of a Dockerfile expand to: `$VAR`, `${VAR:-x}`, quotes and escapes?

BuildKit: frontend/dockerfile/shell/lex.go: ProcessWord, ProcessWords.
"""

from __future__ import annotations

from collections.abc import Mapping

from parity.dockerfile.lexer import Lexer, Quotes
from parity.dockerfile.words import readable
from parity.model.location import Location


def expand_word(
    text: str, env: Mapping[str, str], escape: str = "\\", location: Location | None = None
) -> str:
    """The text as one word: variables replaced, quotes and escapes removed; unset variables are empty.

    Raises ParityError, at `location`, for what BuildKit refuses (an open quote, `${}`, an unknown modifier).
    """
    return Lexer(readable(text), env, escape, location).run()[0]


def expand_words(
    text: str, env: Mapping[str, str], escape: str = "\\", location: Location | None = None
) -> list[str]:
    """The same, split at white space that stands outside quotes, in variables' values too (EXPOSE)."""
    return Lexer(readable(text), env, escape, location).run()[1]


def expand_heredoc(text: str, env: Mapping[str, str], location: Location | None = None) -> str:
    """A heredoc's body: quotes are plain text, the backslash escapes whatever the escape directive says."""
    return Lexer(readable(text), env, "\\", location, quotes=Quotes.PLAIN).run()[0]
