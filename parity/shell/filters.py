"""What do the programs print that take lines from a text: grep, head, tail, and sed without `-i`?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parity.shell.programs import Place, Program, cat
from parity.shell.sed_script import basic_pattern, edited, edits_of
from parity.shell.status import Output, Status

UNTOLD = Output(None, Status.UNKNOWN)
LARGEST = 200_000
_SET = re.compile(r"\[\^?[A-Za-z0-9_ .,:;/=\"'#-]+\]")


def grep(arguments: Sequence[str | None], place: Place, *, extended: bool = False) -> Output:
    """The lines that match one of the patterns, or with `-v` none of them; `-q`: nothing."""
    flags: set[str] = {"E"} if extended else set()
    patterns: list[str] = []
    operands: list[str] = []
    words = list(arguments)
    while words:
        word = words.pop(0)
        if word is None:
            return UNTOLD
        if word == "-e" and words:
            patterns.append(words.pop(0) or "")
        elif word == "--":
            operands += [one or "" for one in words]
            break
        elif re.fullmatch("-[EFivqxh]+", word):
            flags |= set(word[1:])
        elif word.startswith("-") and word != "-":
            return UNTOLD
        else:
            operands.append(word)
    if not patterns and operands:
        patterns.append(operands.pop(0))
    found = [_pattern(text, flags) for text in patterns]
    content = _content(operands, place)
    if None in found or content is None or len(operands) > 1:
        return UNTOLD
    kept = [line for line in content.splitlines(keepends=True) if _matches(line, found, flags)]
    text = "".join(line if line.endswith("\n") else f"{line}\n" for line in kept)
    return Output(b"" if "q" in flags else text.encode("ascii"), Status.of(bool(kept)))


def _matches(line: str, patterns: Sequence[re.Pattern[str] | None], flags: set[str]) -> bool:
    line = line.removesuffix("\n")
    found = any(
        pattern is not None and (pattern.fullmatch(line) if "x" in flags else pattern.search(line))
        for pattern in patterns
    )
    return found is not ("v" in flags)


def _pattern(text: str, flags: set[str]) -> re.Pattern[str] | None:
    """None where it is not followed."""
    if "F" in flags:
        made: re.Pattern[str] | None = re.compile(re.escape(text)) if "\n" not in text else None
    elif "E" in flags:
        made = _extended(text)
    else:
        branches = text.split(r"\|") if r"\\" not in text else [r"\\?"]  # GNU; the other is not followed
        parts = [basic_pattern(branch, "/") for branch in branches]
        made = re.compile("|".join(one.pattern for one in parts if one)) if None not in parts else None
    return re.compile(made.pattern, re.IGNORECASE) if made and "i" in flags else made


def _extended(text: str) -> re.Pattern[str] | None:
    """Literal characters, `.`, `[abc]`, `*`, `+`, `?`, groups, alternatives and anchors."""
    made = ""
    at = 0
    while at < len(text):
        one = text[at]
        if one == "\\":
            if text[at + 1 : at + 2] not in tuple("./*[]^$\\-+?(){}|"):
                return None
            made += re.escape(text[at + 1])
            at += 2
            continue
        if one == "[":
            found = _SET.match(text, at)
            if found is None:
                return None
            made += found[0]
            at = found.end()
            continue
        if one in "{}" or (one in "*+?" and (not made or made[-1] in "*+?()|^")):
            return None
        made += one if one in ".*+?()|^$" else re.escape(one)
        at += 1
    if sum(made.count(one) for one in "*+?") > 2:
        return None
    try:
        return re.compile(made)
    except re.error:
        return None


def sed(arguments: Sequence[str | None], place: Place) -> Output | None:
    """None: it changes files."""
    if any(word is None or re.match(r"-[nErsuz]*i|--in-place", word) for word in arguments):
        return None
    scripts: list[str] = []
    operands: list[str] = []
    words = [word or "" for word in arguments]
    while words:
        word = words.pop(0)
        if word in ("-e", "--expression") and words:
            scripts.append(words.pop(0))
        elif word.startswith("-") and word != "-":
            return UNTOLD
        else:
            operands.append(word)
    if not scripts and operands:
        scripts.append(operands.pop(0))
    edits = edits_of(scripts)
    content = _content(operands, place)
    if edits is None or content is None:
        return UNTOLD
    return Output(edited(content.encode("ascii"), edits))


def head(arguments: Sequence[str | None], place: Place) -> Output:
    return _some(arguments, place, first=True)


def tail(arguments: Sequence[str | None], place: Place) -> Output:
    """`-n 3`: the last ones, `-n +3`: from the third."""
    return _some(arguments, place, first=False)


def _some(arguments: Sequence[str | None], place: Place, *, first: bool) -> Output:
    text = " ".join("\n" if word is None else word for word in arguments)
    found = re.fullmatch(r"(?:-n ?|-)?(\+?\d{1,5})?(?:(?:^| )([^-\s]\S*|-))?", text)
    if found is None or (found[1] and not text.startswith("-")):
        return UNTOLD
    content = _content([found[2]] if found[2] else [], place)
    if content is None or (first and (found[1] or "").startswith("+")):
        return UNTOLD
    lines = content.splitlines(keepends=True)
    number = int(found[1] or 10)
    if first:
        kept = lines[:number]
    elif (found[1] or "").startswith("+"):
        kept = lines[max(number - 1, 0) :]
    else:
        kept = lines[-number:] if number else []
    return Output("".join(kept).encode("ascii"))


def _content(operands: Sequence[str], place: Place) -> str | None:
    """What the files hold, or the standard input; None: not known, or not the same in every locale."""
    told = cat(operands, place)
    content = told.content
    if told.status is not Status.SUCCESS or not isinstance(content, bytes):
        return None
    plain = content.isascii() and not any(one in content for one in (b"\0", b"\r", b"\f", b"\v", b"\x1c"))
    return content.decode("ascii") if plain and len(content) <= LARGEST else None


FILTERS: dict[str, Program] = {
    "grep": grep,
    "egrep": lambda arguments, place: grep(arguments, place, extended=True),
    "fgrep": lambda arguments, place: grep(["-F", *arguments], place),
    "sed": sed,
    "head": head,
    "tail": tail,
}
"""They read and print, and change nothing; where one gives None, it does something else."""
