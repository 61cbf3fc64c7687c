"""What options and operands does a program get, and which image paths do they name? (GNU getopt_long)"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from parity.model.location import May, Unknown
from parity.model.packages import NOTHING_INSTALLED
from parity.shell.host import Call
from parity.shell.outcome import Outcome
from parity.shell.status import Status
from parity.shell.word import Word
from parity.tree.base import Answer, Entry, FileKind, FileTree, join, parent_of
from parity.tree.links import follow
from parity.tree.writable import WritableTree

CommandFunction = Callable[[Call, WritableTree], Outcome]
"""What a program does to the files, and what comes of it."""


class Arguments(Struct, frozen=True):
    """`flags`: letters and long names without dashes; `values`: those with a value; `operands`: the rest."""

    flags: frozenset[str]
    values: Mapping[str, str | None]
    operands: tuple[Word, ...]

    def has(self, *names: str) -> bool:
        return any(name in self.flags for name in names)

    def value(self, *names: str) -> str | None:
        return next((self.values[name] for name in names if name in self.values), None)


def arguments(call: Call, valued: str = "", long_valued: str = "") -> Arguments:
    """`valued`: the letters that take a value; `long_valued`: long names that do, with blanks between."""
    flags: set[str] = set()
    values: dict[str, str | None] = {}
    operands: list[Word] = []
    words = list(call.words[1:])
    while words:
        word = words.pop(0)
        text = word.text
        if text == "--":
            operands += words
            break
        if text is None or not text.startswith("-") or text == "-":
            operands.append(word)
        elif text.startswith("--"):
            name, equals, value = text[2:].partition("=")
            flags.add(name)
            if equals:
                values[name] = value
            elif name in long_valued.split():
                values[name] = words.pop(0).text if words else None
        else:
            letters = text[1:]
            while letters:
                letter, letters = letters[0], letters[1:]
                flags.add(letter)
                if letter in valued:
                    values[letter] = letters or (words.pop(0).text if words else None)
                    letters = ""
    return Arguments(frozenset(flags), values, tuple(operands))


class Named(Struct, frozen=True):
    """What an operand names: as written, and the image path with links resolved, and what is there."""

    text: str
    path: str
    answer: Answer

    @property
    def is_directory(self) -> bool:
        return isinstance(self.answer, Entry) and self.answer.kind is FileKind.DIRECTORY

    @property
    def is_file(self) -> bool:
        return isinstance(self.answer, Entry) and self.answer.kind is FileKind.FILE


def whole(call: Call, text: str) -> str | None:
    """An absolute path, links in it not resolved; None where the working directory is not known."""
    if text.startswith("/"):
        return text
    return None if call.working_directory is None else f"{call.working_directory}/{text}"


def named(files: FileTree, path: str, *, last: bool) -> Named:
    """`last`: follow a link at its end too. A trailing slash follows in any case."""
    found = follow(files, path, last=last or path.endswith(("/", "/.", "/..")))
    return Named(path, found.path, found.answer)


def parent_answer(files: FileTree, path: str) -> Answer:
    """What holds (or would hold) the resolved `path`."""
    return follow(files, parent_of(path)).answer


def holds(answer: Answer) -> bool | None:
    """Can a name be made in it? None where that cannot be told."""
    if isinstance(answer, Unknown):
        return None
    return isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY


def confined(call: Call, word: Word) -> str | None:
    """The folder that an operand which cannot be told is at least below; None: anywhere."""
    if word.prefix.startswith("/"):
        folder = word.prefix.rpartition("/")[0]
        return join("/", folder) if folder else call.working_directory
    return call.working_directory


def unknown(call: Call, reason: str) -> Unknown:
    return Unknown(reason, call.location)


def no_packages(call: Call, reason: str) -> Unknown:
    """It cannot be told which files are there; packages of Python are not among them."""
    return Unknown(reason, call.location, installed=NOTHING_INSTALLED)


def incidental(call: Call, reason: str) -> Unknown:
    """It cannot be told which files are there, and no start-up depends on it."""
    return Unknown(reason, call.location, may=May.NOTHING, installed=NOTHING_INSTALLED)


def together(statuses: list[Status]) -> Status:
    """A program that goes on after a failure: failed if one part did."""
    if Status.FAILURE in statuses:
        return Status.FAILURE
    return Status.UNKNOWN if Status.UNKNOWN in statuses else Status.SUCCESS
