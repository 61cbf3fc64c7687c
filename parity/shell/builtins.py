"""What do the builtins do to the shell's own state: cd, export, set, shift, unset, ...? (POSIX 2.14)"""

from __future__ import annotations

import re
from collections.abc import Callable

from parity.model.location import Unknown
from parity.shell.state import UNTOLD, State, Value
from parity.shell.status import Status
from parity.shell.word import Word
from parity.tree.base import Absent, FileKind, FileTree, join
from parity.tree.links import follow

Builtin = Callable[[State, list[Word], FileTree], Status]
OPTIONS = {"e": "errexit", "u": "nounset", "f": "noglob", "a": "allexport"}
ASSIGNED = re.compile(r"([A-Za-z_]\w*)\s*(?:\+\+|--|[-+*/%&|^]?=(?!=))|(?:\+\+|--)\s*([A-Za-z_]\w*)")


def cd(state: State, words: list[Word], files: FileTree) -> Status:
    """Unknown targets leave the working directory unknown; a folder that may be there is entered."""
    targets = [word for word in words if word.text not in ("-L", "-P", "-e", "--")]
    if any(word.vanished for word in targets):
        _enter(state, None)
        return Status.UNKNOWN
    if not targets:
        home = state.variables.get("HOME", UNTOLD)
        targets = [Word(home.text)]
    if len(targets) > 1 and all(word.text is not None for word in targets):
        return Status.FAILURE
    target = targets[0].text
    if not target and targets[0].depends_on:
        target = None  # somebody sets the variable when the container starts: nobody means HOME
    if target == "-":
        target = state.previous_folder
    if target is None or (not target.startswith("/") and state.working_directory is None):
        _enter(state, None)
        return Status.UNKNOWN
    if target == "":
        return Status.SUCCESS
    path = target if target.startswith("/") else f"{state.working_directory}/{target}"
    found = follow(files, path)
    if isinstance(found.answer, Absent):
        return Status.FAILURE
    if isinstance(found.answer, Unknown):
        _enter(state, join("/", path))
        return Status.UNKNOWN
    if found.answer.kind is not FileKind.DIRECTORY:
        return Status.FAILURE
    # A shell keeps the path as it was written, links and all (cd -L, the default).
    logical = join("/", path)
    _enter(state, logical if follow(files, logical).path == found.path else found.path)
    return Status.SUCCESS


def _enter(state: State, folder: str | None) -> None:
    state.previous_folder = state.working_directory
    state.working_directory = folder


def pushd(state: State, words: list[Word], files: FileTree) -> Status:
    before = state.working_directory
    if not words or (words[0].text or "+").startswith(("+", "-")):
        _enter(state, None)
        return Status.UNKNOWN
    status = cd(state, words, files)
    if status is not Status.FAILURE:
        state.folders = (*state.folders, before)
    return status


def popd(state: State, words: list[Word], _files: FileTree) -> Status:
    if not state.folders:
        return Status.FAILURE
    if words:
        _enter(state, None)
        return Status.UNKNOWN
    _enter(state, state.folders[-1])
    state.folders = state.folders[:-1]
    return Status.SUCCESS


def export(state: State, words: list[Word], _files: FileTree) -> Status:
    """Assignments have been made already; what is left here are names, options, and what came out of expansions."""
    if any(word.text in ("-n", "-p", "-f") for word in words):
        return Status.SUCCESS
    for word in words:
        name = _declared(state, word)
        if name:
            state.exported.add(name)
    return Status.SUCCESS


def declare(state: State, words: list[Word], files: FileTree) -> Status:
    """`declare`, `local`, `readonly`: with `-x` as `export`."""
    flags = "".join((word.text or "")[1:] for word in words if (word.text or "").startswith("-"))
    rest = [word for word in words if not (word.text or "").startswith("-")]
    if "x" in flags:
        return export(state, rest, files)
    for word in rest:
        _declared(state, word)
    return Status.SUCCESS


def _declared(state: State, word: Word) -> str:
    """The name that a word declares, assigned where it has a value; "" where any name may be."""
    told = word.text if word.text is not None else word.prefix
    name, equals, value = told.partition("=")
    if not equals and word.text is None:
        state.open_up()
        return ""
    if equals:
        state.assign(name, Value((value if word.text is not None else None,), depends_on=word.depends_on))
    return name


def unset(state: State, words: list[Word], _files: FileTree) -> Status:
    functions = any(word.text == "-f" for word in words)
    for word in words:
        if word.text is None:
            state.open_up()
            continue
        if word.text.startswith("-"):
            continue
        if functions:
            state.functions.pop(word.text, None)
        else:
            state.unset(word.text)
    return Status.SUCCESS


def set_(state: State, words: list[Word], _files: FileTree) -> Status:
    """Options, then arguments."""
    at = 0
    while at < len(words):
        text = words[at].text
        at += 1
        if text is None:
            state.arguments = None
            return Status.SUCCESS
        if text in ("--", "-"):
            if text == "--" or words[at:]:
                _arguments(state, words[at:])
            return Status.SUCCESS
        if not (text.startswith(("-", "+")) and len(text) > 1):
            _arguments(state, words[at - 1 :])
            return Status.SUCCESS
        on = text[0] == "-"
        for letter in text[1:]:
            if letter == "o":
                if at < len(words):
                    _option(state, words[at].text or "", on)
                at += 1
            else:
                _option(state, OPTIONS.get(letter, ""), on)
    return Status.SUCCESS


def _option(state: State, name: str, on: bool) -> None:
    match name:
        case "errexit":
            state.errexit = on
        case "nounset":
            state.nounset = on
        case "noglob":
            state.noglob = on
        case "allexport":
            state.allexport = on
        case "pipefail":
            state.pipefail = on


def _arguments(state: State, words: list[Word]) -> None:
    state.arguments = tuple(word.text for word in words if not word.vanished)


def shift(state: State, words: list[Word], _files: FileTree) -> Status:
    text = words[0].text if words else "1"
    if state.arguments is None or text is None:
        state.arguments = None
        return Status.UNKNOWN
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        return Status.FAILURE
    if int(text) > len(state.arguments):
        return Status.FAILURE
    state.arguments = state.arguments[int(text) :]
    return Status.SUCCESS


def read(state: State, words: list[Word], _files: FileTree) -> Status:
    """What is read is not followed."""
    for word in words:
        if word.text is None:
            state.open_up()
        elif word.text.isidentifier():
            state.assign(word.text, UNTOLD)
    return Status.UNKNOWN


def let(state: State, words: list[Word], _files: FileTree) -> Status:
    """Arithmetic is not followed: the names that it assigns cannot be told afterwards."""
    for word in words:
        for found in ASSIGNED.finditer((word.text or "")[:2000]):
            state.assign(found[1] or found[2], UNTOLD)
    return Status.UNKNOWN


def alias(state: State, words: list[Word], _files: FileTree) -> Status:
    """A name may stand for another command from then on."""
    state.open = state.open or bool(words)
    return Status.SUCCESS


def succeed(_state: State, _words: list[Word], _files: FileTree) -> Status:
    return Status.SUCCESS


def fail(_state: State, _words: list[Word], _files: FileTree) -> Status:
    return Status.FAILURE


def unknown(_state: State, _words: list[Word], _files: FileTree) -> Status:
    return Status.UNKNOWN


DECLARATIONS = frozenset(("export", "readonly", "local", "declare", "typeset"))
"""Their arguments are assignments: no field splitting in `export A=$x`."""

SPECIAL = frozenset(
    """
    : . break continue eval exec exit export readonly return set shift times trap unset
    """.split()
)
"""POSIX 2.14: an error of one of these ends a POSIX shell (2.8.1); bash goes on."""

BUILTINS: dict[str, Builtin] = {
    ":": succeed,
    "true": succeed,
    "false": fail,
    "cd": cd,
    "chdir": cd,
    "export": export,
    "readonly": declare,
    "local": declare,
    "declare": declare,
    "typeset": declare,
    "unset": unset,
    "set": set_,
    "shift": shift,
    "read": read,
    "getopts": read,
    "mapfile": read,
    "readarray": read,
    "let": let,
    "trap": succeed,
    "umask": succeed,
    "ulimit": succeed,
    "alias": alias,
    "unalias": succeed,
    "shopt": succeed,
    "hash": unknown,
    "type": unknown,
    "wait": unknown,
    "jobs": succeed,
    "bg": unknown,
    "fg": unknown,
    "kill": unknown,
    "times": succeed,
    "pushd": pushd,
    "popd": popd,
    "dirs": succeed,
    "disown": succeed,
}
"""Those that the shell at hand lacks (`Dialect.lacks`) are not asked for."""


def assignment(word: str) -> tuple[str, bool, str]:
    """`NAME+=value` -> name, whether it appends, value as written."""
    name, _, value = word.partition("=")
    return name.removesuffix("+"), name.endswith("+"), value


def appended(old: Value | None, new: Value) -> Value:
    """`NAME+=...` of a string, or of an array."""
    if old is None:
        return new
    depends = old.depends_on | new.depends_on
    if old.array or new.array:
        if UNTOLD in (old, new):
            return UNTOLD
        return Value((*old.parts, *new.parts), True, depends)
    if old.text is None or new.text is None:
        return Value((None,), depends_on=depends)
    return Value((old.text + new.text,), depends_on=depends)
