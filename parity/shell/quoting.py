"""Where does a quoted or `$` construct of shell text end, and where do words begin?

POSIX.1-2017, Shell Command Language, 2.2 (quoting) and 2.3 (token recognition).
"""

from __future__ import annotations

import re
from functools import lru_cache

BLANKS = " \t"
METACHARACTERS = " \t\n;|&()<>"
DEEPEST = 40
"""Nested `$( "${ $( ...`: deeper text is taken as one opaque piece."""
_CASE_OR_ESAC = re.compile(r"(?<![^\s;&|(])(?:case|esac)(?![^\s;&|)])")


def end_of_quoted(text: str, at: int, depth: int = 0) -> int:
    r"""The index after the construct that starts at `at`: a backslash pair, quotes, `$...` or backquotes.

    An unclosed one ends with the text. `text[at]` must be one of ``\\ ' " $ ` ``, else `at + 1` is given.
    """
    char = text[at]
    if depth > DEEPEST:
        return len(text)
    if char == "\\":
        return min(at + 2, len(text))
    if char == "'":
        return _after(text.find("'", at + 1), text)
    if char == '"':
        return _until(text, at + 1, '"', depth)
    if char == "`":
        return _until(text, at + 1, "`", depth)
    if char == "$" and at + 1 < len(text):
        following = text[at + 1]
        if following == "{":
            return _until(text, at + 2, "}", depth)
        if following == "(":
            return _until(text, at + 2, ")", depth)
    return at + 1


def _after(found: int, text: str) -> int:
    return len(text) if found < 0 else found + 1


@lru_cache(maxsize=16)
def _cases(text: str) -> frozenset[int]:
    """Where a `case` stands that an `esac` ends: the `)` of its patterns closes nothing (POSIX, 2.6.3)."""
    ended: set[int] = set()
    begun: list[int] = []
    for word in _CASE_OR_ESAC.finditer(text):
        if word[0] == "case":
            begun.append(word.start())
        elif begun:
            ended.add(begun.pop())
    return frozenset(ended)


def _until(text: str, at: int, closing: str, depth: int) -> int:
    """After the `closing` that matches, with everything quoted or nested in between skipped."""
    open_parentheses = 0
    cases = _cases(text) if closing == ")" else frozenset[int]()
    within: list[int] = []
    while at < len(text):
        char = text[at]
        if at in cases:
            within.append(open_parentheses)
        elif within and char == "e" and (word := _CASE_OR_ESAC.match(text, at)) and word[0] == "esac":
            within.pop()
        elif within and char == ")" and open_parentheses == within[-1]:
            at += 1
            continue
        if char == closing and not open_parentheses:
            return at + 1
        if closing == "`":
            at += 2 if char == "\\" else 1
            continue
        if char == "'" and closing == '"':
            at += 1
            continue
        if char == "#" and closing == ")" and text[at - 1] in METACHARACTERS:
            newline = text.find("\n", at)
            at = len(text) if newline < 0 else newline
            continue
        if closing == ")" and char in "()":
            open_parentheses += 1 if char == "(" else -1
        at = end_of_quoted(text, at, depth + 1) if char in "\\'\"$`" else at + 1
    return len(text)


def end_of_word(text: str, at: int) -> int:
    """The index after the word that starts at `at`."""
    while at < len(text) and text[at] not in METACHARACTERS:
        at = end_of_quoted(text, at)
    return at


def split_words(text: str) -> tuple[str, ...]:
    """The words of a line as written, quotes kept, operators such as `&&` and `(` as words of their own."""
    words: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char in " \t\n":
            at += 1
        elif text.startswith("\\\n", at):
            at += 2
        elif char in METACHARACTERS:
            size = 2 if text[at : at + 2] in ("&&", "||") else 1
            words.append(text[at : at + size])
            at += size
        else:
            end = end_of_word(text, at)
            words.append(text[at:end])
            at = end
    return tuple(words)


def unquote(word: str) -> str:
    """A heredoc delimiter or a pattern-free word with its quotes taken off; nothing is expanded."""
    done: list[str] = []
    at = 0
    while at < len(word):
        char = word[at]
        end = end_of_quoted(word, at) if char in "\\'\"" else at + 1
        if char == "\\":
            done.append(word[at + 1 : end])
        elif char in "'\"":
            done.append(word[at + 1 : end - 1])
        else:
            done.append(char)
        at = end
    return "".join(done)
