"""What does a script of `sed` make of a text?

Followed are `s` and `d` behind a line number, `$` or a pattern, or from there to a line, with patterns that every sed
reads alike. (GNU sed 4.9)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

LONGEST_SCRIPT = 2_000
LARGEST_TEXT = 200_000
_ADDRESS = r"(?P<line>\d+|\$)|/(?P<pattern>(?:[^/\\\n]|\\.)*)/"
_COMMAND = re.compile(
    rf"[\s;]*(?:(?:{_ADDRESS})(?:,(?P<end>\d+|\$))?\s*)?"
    r"(?:(?P<delete>d)|s(?P<mark>[/|,#@%!~:+])(?P<wanted>(?:(?!(?P=mark))[^\\\n]|\\.)*)(?P=mark)"
    r"(?P<made>(?:(?!(?P=mark))[^\\\n]|\\.)*)(?P=mark)(?P<flags>g?))\s*(?=[;\n]|$)"
)
_ESCAPES = {"r": "\r", "t": "\t", "n": "\n"}


class Edit(Struct, frozen=True):
    """One command of a script; `replacement` None: the line goes. `line` 0: any, -1: the last.

    `end`: the last line of a range, -1: of the text; 0: it is no range.
    """

    line: int
    pattern: re.Pattern[str] | None
    wanted: re.Pattern[str] | None
    replacement: str | None
    everywhere: bool
    end: int = 0


def edits_of(scripts: Sequence[str]) -> tuple[Edit, ...] | None:
    """The commands of a script; None where one of them is not followed."""
    script = "\n".join(scripts).strip()
    found: list[Edit] = []
    at = 0
    while at < len(script) and len(script) <= LONGEST_SCRIPT:
        command = _COMMAND.match(script, at)
        if command is None or command.end() == at:
            return None
        edit = _edit_of(command)
        if edit is None:
            return None
        found.append(edit)
        at = command.end()
        while at < len(script) and script[at] in "; \n\t":
            at += 1
    return tuple(found) if at >= len(script) else None


def _edit_of(command: re.Match[str]) -> Edit | None:
    line = _number(command["line"])
    end = _number(command["end"])
    if command["end"] is not None and end == 0:
        return None
    pattern = None if command["pattern"] is None else _pattern(command["pattern"], "/")
    if command["pattern"] is not None and pattern is None:
        return None
    if command["delete"]:
        return Edit(line, pattern, None, None, False, end)
    wanted = _pattern(command["wanted"], command["mark"])
    replacement = _replacement(command["made"])
    if wanted is None or replacement is None:
        return None
    if command["flags"] and wanted.search("") is not None:
        return None  # where an empty match may follow another, `sed` and `re` differ
    return Edit(line, pattern, wanted, replacement, bool(command["flags"]), end)


def _number(address: str | None) -> int:
    return 0 if address is None else -1 if address == "$" else int(address)


def _pattern(text: str, mark: str) -> re.Pattern[str] | None:
    """A basic regular expression of literal characters, `.`, `*`, `[abc]` and anchors."""
    made: list[str] = []
    at = 0
    while at < len(text):
        one, pair = text[at], text[at : at + 2]
        if one == "\\":
            other = pair[1:]
            if other in _ESCAPES:
                made.append(re.escape(_ESCAPES[other]))
            elif other in "./*[]^$\\-" or (other == mark and not other.isalnum() and mark not in "+?(){}|"):
                made.append(re.escape(other))
            else:
                return None
            at += 2
        elif one == "[":
            listed = re.compile(r"\[\^?[A-Za-z0-9_ .,:;/=\"'-]+\]").match(text, at)
            if listed is None:
                return None
            made.append(listed[0])
            at = listed.end()
        elif one in "*^$":
            if one == "*" and (not made or at == 0 or text[at - 1] in "^*"):
                return None
            if (one == "^" and at) or (one == "$" and at < len(text) - 1):
                return None
            made.append(r"\Z" if one == "$" else one)
            at += 1
        else:
            made.append("." if one == "." else re.escape(one))
            at += 1
    # an empty pattern is the last one that was used
    return re.compile("".join(made), re.DOTALL) if made and text.count("*") <= 2 else None


def _replacement(text: str) -> str | None:
    """As `re` expands it; None where it refers to a group."""
    made: list[str] = []
    at = 0
    while at < len(text):
        one = text[at]
        if one == "\\":
            other = text[at + 1 : at + 2]
            if other.isalnum() and other not in _ESCAPES:
                return None
            made.append(_ESCAPES.get(other, other).replace("\\", r"\\"))
            at += 2
            continue
        made.append(r"\g<0>" if one == "&" else one)
        at += 1
    return "".join(made)


def edited(text: bytes, edits: Sequence[Edit]) -> bytes | None:
    """The text afterwards; None where that depends on the locale."""
    if len(text) > LARGEST_TEXT:
        return None
    if text.isascii():
        return _edited(text, edits, "ascii")
    try:
        by_letters = _edited(text, edits, "utf8")
    except UnicodeDecodeError:
        return None
    return by_letters if by_letters == _edited(text, edits, "latin-1") else None


def _edited(text: bytes, edits: Sequence[Edit], letters: str) -> bytes:
    """The same in a locale of these letters."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text.decode(letters))
    left: list[str] = []
    within: set[int] = set()
    for number, whole_line in enumerate(lines, 1):
        line = whole_line.removesuffix("\n")
        done: str | None = line
        for index, edit in enumerate(edits):
            if done is None:
                break
            if index in within or _concerns(edit, done, number, number == len(lines)):
                # POSIX: a range that would end before it begins is its first line.
                goes_on = edit.end == -1 or number < edit.end
                within = within | {index} if goes_on else within - {index}
                done = _applied(edit, done)
        if done is not None:
            left.append(done + whole_line[len(line) :])
    return "".join(left).encode(letters, "replace")


def _concerns(edit: Edit, line: str, number: int, last: bool) -> bool:
    if edit.line and number != edit.line and not (edit.line == -1 and last):
        return False
    return edit.pattern is None or edit.pattern.search(line) is not None


def _applied(edit: Edit, line: str) -> str | None:
    if edit.wanted is None or edit.replacement is None:
        return None
    return edit.wanted.sub(edit.replacement, line, count=0 if edit.everywhere else 1)
