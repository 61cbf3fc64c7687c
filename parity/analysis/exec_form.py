"""Is a start command meant as a JSON array, and is none? Docker then gives the text to a shell.

BuildKit: `parseMaybeJSON`: what is no array of strings in double quotes is the shell form, without a word.
"""

from __future__ import annotations

import json
import re
import shlex

from msgspec import Struct
from msgspec.structs import replace

from parity.model.command import Command

SHELL = ("/bin/sh", "-c")
WORD = re.compile(r'"([^"]*)"|\'([^\']*)\'|([^\s,\'"]+)')


class BrokenArray(Struct, frozen=True):
    """`program`: what the shell looks for; `words`: what is meant."""

    program: str
    words: tuple[str, ...]

    @property
    def array(self) -> str:
        """As it has to be written."""
        return json.dumps(self.words, ensure_ascii=False)


def broken_array(command: Command) -> BrokenArray | None:
    """`["python" "x.py"]`, `['python', 'x.py']`: the text of `/bin/sh -c`, where it is in brackets."""
    text = (command.argv[2] or "").strip() if command.argv[:2] == SHELL and len(command.argv) > 2 else ""
    if not text.startswith("[") or text[1:2] in ("", "[", " ") or "]" not in text:
        return None
    inner, _, rest = text[1:].rpartition("]")
    words = tuple(next(filter(None, found), "") for found in WORD.findall(inner))
    if rest.strip() or not words or not re.match(r"""\[\s*["']""", text):
        return None
    try:
        program = shlex.split(text)[0]
    except ValueError:  # a quote that does not end
        return None
    return BrokenArray(program, words)


def as_meant(command: Command) -> Command:
    """The command that the array would be, had it been one."""
    broken = broken_array(command)
    return command if broken is None else replace(command, argv=(*broken.words, *command.argv[3:]))
