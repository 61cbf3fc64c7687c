"""Which lines of a pipe or a file does grep let through, if every grep reads the pattern alike? (GNU grep 3.8)"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from parity.programs.arguments import Arguments, CommandFunction, arguments, named, whole
from parity.programs.find import Listed
from parity.shell.host import Call
from parity.shell.status import Output, Status, Text
from parity.tree.base import Entry
from parity.tree.writable import WritableTree

LONGEST_PATTERN, LARGEST_TEXT = 200, 2_000_000
MOST_REPEATED = 3
"""Repetitions in a pattern: `re` tries each with each."""
FOLLOWED = frozenset("E F i v q e extended-regexp fixed-strings ignore-case invert-match quiet".split())
_BRACKETS = re.compile(r"\[\^?[A-Za-z0-9_ .,:;/=\"'-]+\]")

Filter = Callable[[bytes], bytes]


def grep(call: Call, files: WritableTree) -> Status | Output:
    given = arguments(call, "e")
    told = [given.value("e")] if given.has("e") else []
    operands = [word.text for word in given.operands]
    pattern, *paths = [*told, *operands] or [None]
    chosen = _filter(call, given, pattern) if pattern is not None and len(paths) <= 1 else None
    left = None if chosen is None else _left(_read(call, files, paths), chosen)
    if left is None:
        return Status.UNKNOWN
    surely = left.surely if isinstance(left, Listed) else left
    # where there is no line, a listing may lack what cannot be told
    status = Status.SUCCESS if surely else Status.UNKNOWN
    return Output(b"" if given.has("q", "quiet") else left, status)


def _read(call: Call, files: WritableTree, paths: list[str | None]) -> Text:
    """The standard input, or the one file that is named."""
    if not paths or paths == ["-"]:
        return call.stdin
    path = whole(call, paths[0]) if paths[0] else None
    there = named(files, path, last=True) if path else None
    content = files.read(there.path) if there is not None and isinstance(there.answer, Entry) else None
    return content if isinstance(content, bytes) else None


def _left(read: Text, chosen: Filter) -> bytes | Listed | None:
    if isinstance(read, Listed):
        parts = [chosen(part) if _is_plain(part) else None for part in (read.surely, read.perhaps)]
        surely, perhaps = parts
        return None if surely is None or perhaps is None else replace(read, surely=surely, perhaps=perhaps)
    return chosen(read) if isinstance(read, bytes) and _is_plain(read) else None


def _is_plain(text: bytes) -> bool:
    """What is no ASCII is read as the locale says."""
    return len(text) <= LARGEST_TEXT and text.isascii() and b"\0" not in text


def _filter(call: Call, given: Arguments, text: str) -> Filter | None:
    """None: its options or its pattern are not followed."""
    if not given.flags <= FOLLOWED:
        return None
    if call.program == "fgrep" or given.has("F", "fixed-strings"):
        pattern: str | None = re.escape(text)
    else:
        pattern = translated(text, extended=call.program == "egrep" or given.has("E", "extended-regexp"))
    if pattern is None or not text.isascii() or "\n" in text:
        return None
    wanted = re.compile(pattern.encode(), re.IGNORECASE if given.has("i", "ignore-case") else 0)
    inverted = given.has("v", "invert-match")

    def chosen(read: bytes) -> bytes:
        lines = read.removesuffix(b"\n").split(b"\n") if read else []
        return b"".join(line + b"\n" for line in lines if (wanted.search(line) is None) is inverted)

    return chosen


def translated(text: str, *, extended: bool) -> str | None:
    """A regular expression of grep as `re` writes it: characters, `.`, `[abc]`, groups, `|`, anchors, repetitions.

    None for what is not followed, such as a repeated group.
    """
    if len(text) > LONGEST_PATTERN:
        return None
    made: list[str] = []
    depth = repeated = at = 0
    starts, may_repeat = True, False
    """Does an alternative start here? Is there something to repeat?"""
    while at < len(text):
        one = text[at]
        at += 1
        special = one in "()|+?{}" and extended
        if one == "\\":
            if at == len(text):
                return None
            one, at = text[at], at + 1
            if one.isalnum() or one in "<>`'":
                return None
            special = one in "()|+?{}" and not extended
            if not special:
                made.append(re.escape(one))
                starts, may_repeat = False, True
                continue
        if special and one in "(|)":
            depth += {"(": 1, "|": 0, ")": -1}[one]
            # an empty alternative is read in more than one way
            if depth < 0 or (starts and one != "(") or (one == "|" and at == len(text)):
                return None
            made.append(one)
            starts, may_repeat = one != ")", False
        elif special or one == "*":
            repeated += 1
            if not may_repeat or repeated > MOST_REPEATED or one in "{}":
                return None
            made.append(one)
            may_repeat = False
        elif one == "[":
            if (listed := _BRACKETS.match(text, at - 1)) is None:
                return None
            made.append(listed[0])
            at = listed.end()
            starts, may_repeat = False, True
        elif one == "^" and starts:
            made.append("^")
        elif one == "$" and _ends(text, at, extended=extended):
            made.append(r"\Z")
            starts = may_repeat = False
        elif one in "^$":
            return None
        else:
            made.append("." if one == "." else re.escape(one))
            starts, may_repeat = False, True
    return "".join(made) if not depth and not starts else None


def _ends(text: str, at: int, *, extended: bool) -> bool:
    return at == len(text) or text.startswith(("|", ")") if extended else ("\\|", "\\)"), at)


COMMANDS: dict[str, CommandFunction] = dict.fromkeys(("grep", "egrep", "fgrep"), grep)
