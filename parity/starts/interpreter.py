"""What does `python ...` run, and what stands first on its search path?

CPython: Python/initconfig.c (`config_parse_cmdline`), Modules/main.c (`pymain_run_python`),
Python/pathconfig.c (`_PyPathConfig_ComputeSysPathArgv0`).
"""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from parity.model.command import Command
from parity.model.location import Unknown
from parity.starts.options import Word
from parity.starts.program import in_folder, is_file, is_folder, locate, name_of, words_of
from parity.startup.entrypoint import Entrypoint, RunCode, RunFile, RunModule, Step
from parity.tree.base import Entry, FileTree, Packed, join
from parity.tree.links import follow
from parity.tree.zipped import MAIN, archive_at

INTERPRETER = re.compile(r"(?:python|pypy)(?:\d(?:\.\d+)?)?[td]?")
VALUED = "cmWXQ"
FLAGS = "bBdEhiIJOPqRsStuvVx3?"
ARCHIVES = (".zip", ".pyz", ".pex", ".whl", ".egg", ".shiv")
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

    @property
    def is_isolated(self) -> bool:
        return "I" in self.flags

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


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    """`python x.py`, `-m x`, `-c "..."`, a folder, a heredoc, and scripts with a `#!` line."""
    called = invocation(command)
    if called is None:
        started = by_shebang(command, tree)
        called = invocation(started) if started is not None else None
        if started is None or called is None:
            return None
        command = started
    environment = (("PYTHONPATH", ""),) if called.flags & {"E", "I"} else ()
    here = () if called.is_safe(command) else (command.working_directory,)
    step: Step
    if called.module is not None:
        step = RunModule(called.module)
    elif called.code is not None:
        step = RunCode(called.code, command.location)
    elif called.flags & {"V", "h", "?"}:
        return Entrypoint("python", command, (), ())
    elif called.script in (None, "-"):
        if command.stdin is None:
            return None
        place = command.location
        below = replace(place, line=place.line + 1) if place and place.line else place  # a heredoc's body
        step = RunCode(command.stdin.decode("utf8", "surrogateescape"), below)
    else:
        found = _script(called.script, command, tree)
        if found is None:
            return None
        step, folder, whole = found
        here = (folder,) if whole or not called.is_safe(command) else ()
    return Entrypoint("python", command, here, (step,), environment)


def _script(name: str, command: Command, tree: FileTree) -> tuple[RunFile, str, bool] | None:
    """What runs, its entry of the search path, and whether that is a folder that is run as a whole."""
    if name == "-" or not name or "\0" in name:
        return None
    path = in_folder(command, name)
    if is_folder(tree, path) or _is_archive(tree, path):
        # CPython: a folder (or zip) with a __main__ is put on sys.path itself, with -I and -P too
        return RunFile(join(path, MAIN), path), path, True
    if is_file(tree, path):
        return RunFile(path), follow(tree, path).path.rpartition("/")[0] or "/", False
    return RunFile(path), path.rpartition("/")[0] or "/", False


def _is_archive(tree: FileTree, path: str) -> bool:
    """Is it a zip file, or one by its name where its content cannot be told?"""
    archive = archive_at(tree, path)
    return isinstance(archive, Packed) or (isinstance(archive, Unknown) and path.lower().endswith(ARCHIVES))


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
