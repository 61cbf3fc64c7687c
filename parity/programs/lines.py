"""What do the programs print that take lines from a text: head, tail, and sed without `-i`?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parity.programs.arguments import CommandFunction
from parity.programs.printing import cat, printing
from parity.programs.sed_script import edited, edits_of
from parity.shell.printing import Place
from parity.shell.status import Output, Status

UNTOLD = Output(None, Status.UNKNOWN)
LARGEST = 200_000


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


COMMANDS: dict[str, CommandFunction] = {"head": printing(head), "tail": printing(tail)}
