"""Which heredocs does a script hold? They are cut out before it is parsed."""

from __future__ import annotations

from msgspec import Struct

from parity.shell.quoting import BLANKS, METACHARACTERS, end_of_quoted, end_of_word, unquote

MARK = "/dev/heredoc/"
"""A `<<EOF` becomes `</dev/heredoc/N`, N being its index."""


class Heredoc(Struct, frozen=True):
    """`text` with the tabs of `<<-` removed; `quoted`: taken as it stands, nothing expanded."""

    text: str
    quoted: bool


def cut_heredocs(text: str) -> tuple[str, tuple[Heredoc, ...]]:
    """The script with marks for heredocs and empty lines for their bodies, and the heredocs in order."""
    pieces: list[str] = []
    found: list[Heredoc] = []
    waiting: list[tuple[str, bool, bool]] = []
    at = start = owed = 0
    while at < len(text):
        char = text[at]
        if text.startswith("\\\n", at) and _inside_word(text, at):
            # POSIX 2.2.1: a word goes on after it; the line is made up for at the next newline.
            pieces.append(text[start:at])
            at = start = at + 2
            owed += 1
        elif char == "\n" and (waiting or owed):
            pieces.append(text[start : at + 1] + "\n" * owed)
            owed = 0
            at += 1
            for name, tabs, quoted in waiting:
                body, end = _body(text, at, name, tabs)
                pieces.append("\n" * text.count("\n", at, end))
                found.append(Heredoc(body, quoted))
                at = end
            waiting = []
            start = at
        elif char == "#" and (at == 0 or text[at - 1] in METACHARACTERS):
            newline = text.find("\n", at)
            at = len(text) if newline < 0 else newline
        elif text.startswith("<<<", at):
            at += 3
        elif text.startswith("<<", at):
            tabs = text.startswith("-", at + 2)
            word = at + 2 + tabs
            while word < len(text) and text[word] in BLANKS:
                word += 1
            end = end_of_word(text, word)
            if end == word:
                at += 2
                continue
            name = text[word:end]
            pieces.append(f"{text[start:at]}<{MARK}{len(found) + len(waiting)}")
            waiting.append((unquote(name), tabs, unquote(name) != name))
            at = start = end
        else:
            at = end_of_quoted(text, at)
    pieces.append(text[start:])
    found.extend(Heredoc("", quoted) for _, _, quoted in waiting)
    return "".join(pieces), tuple(found)


def _inside_word(text: str, at: int) -> bool:
    """Does the backslash-newline at `at` stand between two characters of one word?"""
    return (
        at > 0 and text[at - 1] not in METACHARACTERS and text[at + 2 : at + 3] not in ("", *METACHARACTERS)
    )


def _body(text: str, at: int, name: str, tabs: bool) -> tuple[str, int]:
    """The lines from `at` up to the one that reads `name` (or the end), and the index after that one."""
    lines: list[str] = []
    while at < len(text):
        newline = text.find("\n", at)
        end = len(text) if newline < 0 else newline + 1
        line = text[at:end].lstrip("\t") if tabs else text[at:end]
        at = end
        if line.removesuffix("\n") == name:
            break
        lines.append(line)
    return "".join(lines), at
