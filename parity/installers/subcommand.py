"""Which subcommand of an installer does a call name, and can it change a file?"""

from __future__ import annotations

from msgspec import Struct

from parity.packages.options import Given, split_command
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Status
from parity.shell.word import Word


class Subcommand(Struct, frozen=True):
    """`before`: the options before it; `words`: what stands behind it; `folder`: where the call is made."""

    name: str
    before: Given
    words: tuple[Word, ...]
    folder: str


def subcommand(call: Call, valued: str, harmless: frozenset[str]) -> Subcommand | Status | Unreadable:
    """`valued`: the options that take a value; `harmless`: the subcommands that change no file.

    A Status: it is one of these, or none is named. Unreadable: nobody knows in which folder it is called.
    """
    before, name, words = split_command(call.words[1:], valued)
    if name in harmless or (not name and not any(word.text is None for word in call.words)):
        return Status.UNKNOWN
    if call.working_directory is None:
        return UNREADABLE
    return Subcommand(name, before, words, call.working_directory)
