"""What do the builtins echo, printf and pwd print, and what does a shell read from a file?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import Struct

from parity.model.location import Unknown
from parity.shell.ansi import decode_escapes
from parity.shell.status import Output, Status
from parity.tree.base import Absent, FileKind, FileTree
from parity.tree.links import follow

LONGEST_OUTPUT = 1_000_000
"""Bytes; longer output is not kept."""
CONVERSION = re.compile(r"%([-+ #0]*)(\d*|\*)(?:\.(\d*|\*))?([a-zA-Z%])")


class Place(Struct, frozen=True):
    """Where a program runs: the files, the working directory, what it reads, and which shell it is in."""

    files: FileTree
    working_directory: str | None
    stdin: bytes | None
    bash: bool


Printing = Callable[[Sequence[str | None], Place], Output | None]
UNTOLD = Output(None)


def echo(arguments: Sequence[str | None], place: Place) -> Output:
    """dash: `-n` is its one option and escapes are always read; bash: `-n`, `-e`, `-E`."""
    words = list(arguments)
    newline, escapes = True, not place.bash
    allowed = "neE" if place.bash else "n"
    while words and words[0] and re.fullmatch(f"-[{allowed}]+", words[0]):
        for flag in words.pop(0) or "":
            newline = newline and flag != "n"
            escapes = True if flag == "e" else False if flag == "E" else escapes
        if not place.bash:
            break
    known = [word for word in words if word is not None]
    if len(known) != len(words):
        return UNTOLD
    text = " ".join(known)
    if escapes:
        text, ended = decode_escapes(text, leading_zero=True)
        newline = newline and not ended
    return Output(as_bytes(text + "\n" * newline))


def printf(arguments: Sequence[str | None], place: Place) -> Output:
    """`%s %b %d %i %u %x %o %c %%` with width and precision; used again while arguments are left."""
    words = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    if not words:
        return Output(b"", Status.FAILURE)
    if words[0] == "-v" or words[0] is None or any(word is None for word in words):
        return Output(None, Status.UNKNOWN)
    form, *rest = [word or "" for word in words]
    done: list[str] = []
    size = 0
    while True:
        before = len(rest)
        try:
            part = _format_once(form, rest, place.bash)
        except ValueError:
            return Output(None, Status.FAILURE)  # not a number
        if part is None:
            return Output(None, Status.UNKNOWN)
        text, ended = part
        done.append(text)
        size += len(text)
        if ended or not rest or len(rest) == before:
            break
        if size > LONGEST_OUTPUT:
            return Output(None, Status.UNKNOWN)
    return Output(as_bytes("".join(done)))


def _format_once(form: str, rest: list[str], bash: bool) -> tuple[str, bool] | None:
    r"""The format with arguments taken off `rest`; True where `\\c` ended it. None: not followed."""
    done: list[str] = []
    at = 0
    while at < len(form):
        percent = form.find("%", at)
        plain = form[at : percent if percent >= 0 else len(form)]
        if (
            "\\c" in plain
            or "\\u" in plain
            or "\\x" in plain
            or "\\e" in plain
            or "\\'" in plain
            or '\\"' in plain
        ):
            return None
        done.append(decode_escapes(plain, leading_zero=False)[0])
        if percent < 0:
            break
        found = CONVERSION.match(form, percent)
        if not found:
            return None
        at = found.end()
        flags, width, precision, kind = found[1], found[2], found[3], found[4]
        if kind == "%":
            done.append("%")
            continue
        if "*" in (width, precision) or len(width) > 4 or len(precision or "") > 4:
            return None
        argument = rest.pop(0) if rest else ""
        if kind == "b":
            if bash and re.search(r"\\[^abfnrtv\\0c]", argument):
                return None
            argument, ended = decode_escapes(argument, leading_zero=True)
            if ended:
                return "".join([*done, argument]), True
            kind = "s"
        if kind == "s":
            text = argument if precision is None else argument[: int(precision or 0)]
            pad = int(width or 0)
            done.append(text.ljust(pad) if "-" in flags else text.rjust(pad))
        elif kind == "c":
            done.append(argument[:1])
        elif kind in "diuxXo" and re.match(r"[^-+\d\s'\"]", argument):
            raise ValueError
        elif kind in "diuxXo":
            if not re.fullmatch(r"[+-]?(0|[1-9]\d{0,17})|", argument) or precision is not None:
                return None
            number = int(argument or 0)
            if number < 0 and kind in "uxXo":
                return None
            done.append(f"%{flags}{width}{'d' if kind == 'u' else kind}" % number)
        else:
            return None
    return "".join(done), False


def read(place: Place, path: str) -> bytes | Status | None:
    """The bytes of a file; None: not known; a Status where it cannot be, or may not be, opened."""
    if not path.startswith("/") and place.working_directory is None:
        return Status.UNKNOWN
    if path.startswith(("/dev/", "/proc/", "/sys/")):
        return b"" if path == "/dev/null" else place.stdin if path in ("/dev/stdin", "/dev/fd/0") else None
    found = follow(place.files, path if path.startswith("/") else f"{place.working_directory}/{path}")
    if isinstance(found.answer, Unknown):
        return Status.UNKNOWN
    if isinstance(found.answer, Absent) or found.answer.kind is FileKind.DIRECTORY or not path:
        return Status.FAILURE
    content = place.files.read(found.path)
    return None if isinstance(content, Unknown) else content


def pwd(_arguments: Sequence[str | None], place: Place) -> Output:
    folder = place.working_directory
    return Output(None if folder is None else as_bytes(folder + "\n"))


PRINTING: dict[str, Printing] = {"echo": echo, "printf": printf, "pwd": pwd}
"""Builtins of every shell that print, and change nothing."""


def as_bytes(text: str) -> bytes | None:
    """The output; None: too long to be kept."""
    return text.encode("utf8", "surrogateescape") if len(text) <= LONGEST_OUTPUT else None
