"""How is the Python interpreter called: its options, what it runs, the program's own arguments?

CPython: Python/initconfig.c (`config_parse_cmdline`).
"""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from parity.model.command import Command
from parity.programs.options import Word
from parity.programs.program import locate, name_of, words_of
from parity.tree.base import Entry, FileTree
from parity.tree.links import follow

INTERPRETER = re.compile(r"(?:python|pypy)(?:\d(?:\.\d+)?)?[td]?")
VALUED = "cmWXQ"
FLAGS = "bBdEhiIJOPqRsStuvVx3?"
LONGEST_LINE = 250
"""Linux: BINPRM_BUF_SIZE, what is read of a `#!` line."""


class Invocation(Struct, frozen=True):
    """How the interpreter is called: the letters of its flags, and `module`, `code` or `script`, or none.

    `rest`: what follows, the program's own arguments.
    """

    flags: frozenset[str]
    module: str | None = None
    code: str | None = None
    script: str | None = None
    rest: tuple[Word, ...] = ()

    def is_safe(self, command: Command) -> bool:
        """Is nothing put in front of the search path? (-P, -I, PYTHONSAFEPATH)"""
        if "I" in self.flags or "P" in self.flags:
            return True
        return "E" not in self.flags and bool(command.environment.get("PYTHONSAFEPATH"))


def invocation(command: Command) -> Invocation | None:
    """None: not an interpreter, or which of its arguments is what cannot be told."""
    if not INTERPRETER.fullmatch(name_of(command)):
        return None
    words = list(words_of(command))
    flags: set[str] = set()
    while words:
        word = words.pop(0)
        if word is None:
            return None
        if word == "--":
            word = words.pop(0) if words else "-"
            return None if word is None else Invocation(frozenset(flags), script=word, rest=tuple(words))
        if word.startswith("--"):
            if word == "--check-hash-based-pycs":
                words = words[1:]
                continue
            if word in ("--version", "--help") or word.startswith("--help-"):
                return Invocation(frozenset((*flags, "V")))
            return None
        if word == "-" or not word.startswith("-"):
            return Invocation(frozenset(flags), script=word, rest=tuple(words))
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in FLAGS:
                flags.add(letter)
                continue
            if letter not in VALUED:
                return None
            value = letters or (words.pop(0) if words else None)
            letters = ""
            if value is None and letter in "cm":
                return None
            if letter == "m":
                return Invocation(frozenset(flags), module=value, rest=tuple(words))
            if letter == "c":
                return Invocation(frozenset(flags), code=value, rest=tuple(words))
    return Invocation(frozenset(flags))


def program_arguments(command: Command) -> tuple[Word, ...]:
    """`sys.argv`, None for what cannot be told. CPython: the interpreter's own options are no part of it.

    Of `-m`: as the parents of the module see it, before its file takes the first place.
    """
    called = invocation(command)
    if called is None:
        return command.argv
    first = "-m" if called.module is not None else "-c" if called.code is not None else called.script or ""
    return (first, *called.rest)


def by_shebang(command: Command, tree: FileTree) -> Command | None:
    """The command that the kernel makes of a script by its first line, if that names a Python."""
    path = locate(command, tree)
    if path is None:
        return None
    found = follow(tree, path)
    if not isinstance(found.answer, Entry):
        return None
    packed = found.answer.packed
    content = tree.read(found.path) if packed is None else packed.prefix
    if not isinstance(content, bytes) or not content.startswith(b"#!"):
        return None
    line = content[2:LONGEST_LINE].split(b"\n")[0].decode("utf8", "surrogateescape").strip(" \t\r")
    program, _, argument = line.replace("\t", " ").partition(" ")
    words: tuple[str, ...] = (program, argument.strip()) if argument.strip() else (program,)
    if program.rpartition("/")[2] == "env":
        split = argument.split()
        if split[:1] == ["-S"]:
            words = tuple(split[1:])
        elif split[:1] and split[0].startswith("-S"):
            words = (split[0][2:], *split[1:])
        else:
            words = (argument.strip(),)
    if not words or not INTERPRETER.fullmatch(words[0].rpartition("/")[2]):
        return None
    return replace(command, argv=(*words, path, *words_of(command)))
