"""What do the programs print whose output follows from their arguments: echo, printf, cat, dirname, ...?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence

from msgspec import Struct

from parity.model.location import Unknown
from parity.shell.ansi import decode_escapes
from parity.shell.status import Output, Status
from parity.tree.base import Absent, Entry, FileKind, FileTree, join
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


Program = Callable[[Sequence[str | None], Place], Output | None]
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
    return Output(_bytes(text + "\n" * newline))


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
    return Output(_bytes("".join(done)))


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


def cat(arguments: Sequence[str | None], place: Place) -> Output:
    """Files one after the other, `-` and nothing being the standard input."""
    words = [word for word in arguments if word != "-u"]
    if any(word is None or (word.startswith("-") and word != "-") for word in words):
        return UNTOLD
    done: list[bytes] = []
    status = Status.SUCCESS
    known = True
    for word in words or ["-"]:
        content = place.stdin if word == "-" else read(place, word or "")
        if isinstance(content, Status):
            status = content if status is Status.SUCCESS else status
            known = known and content is not Status.UNKNOWN
        elif content is None:
            known = False
        else:
            done.append(content)
    joined = b"".join(done)
    return Output(joined if known and len(joined) <= LONGEST_OUTPUT else None, status)


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


def dirname(arguments: Sequence[str | None], _place: Place) -> Output:
    words = [word for word in arguments if word != "--"]
    if len(words) != 1 or words[0] is None:
        return UNTOLD
    path = words[0].rstrip("/") or ("/" if words[0].startswith("/") else "")
    parent = path.rpartition("/")[0].rstrip("/")
    text = parent or ("/" if path.startswith("/") else ".")
    return Output(_bytes(text + "\n"))


def basename(arguments: Sequence[str | None], _place: Place) -> Output:
    words = [word for word in arguments if word != "--"]
    if len(words) not in (1, 2) or None in words or (words[0] or "").startswith("-"):
        return UNTOLD
    path = words[0] or ""
    name = path.rstrip("/").rpartition("/")[2] or ("/" if path else "")
    suffix = (words[1] or "") if len(words) == 2 else ""
    return Output(_bytes((name if name == suffix else name.removesuffix(suffix)) + "\n"))


def pwd(_arguments: Sequence[str | None], place: Place) -> Output:
    folder = place.working_directory
    return Output(None if folder is None else _bytes(folder + "\n"))


def realpath(arguments: Sequence[str | None], place: Place) -> Output:
    """`readlink -f` and `realpath` of something that is there."""
    words = [word for word in arguments if word not in ("-f", "-e", "-m", "--", "-n")]
    if len(words) != 1 or words[0] is None or words[0].startswith("-"):
        return UNTOLD
    if not words[0].startswith("/") and place.working_directory is None:
        return UNTOLD
    found = follow(
        place.files, words[0] if words[0].startswith("/") else f"{place.working_directory}/{words[0]}"
    )
    if not isinstance(found.answer, Entry):
        return Output(None, Status.UNKNOWN)
    return Output(_bytes(posixpath.normpath(found.path) + "\n"))


def seq(arguments: Sequence[str | None], _place: Place) -> Output:
    if not arguments or any(word is None or not re.fullmatch(r"-?\d{1,6}", word) for word in arguments):
        return UNTOLD
    numbers = [int(word or 0) for word in arguments]
    match numbers:
        case [last]:
            steps = range(1, last + 1)
        case [first, last]:
            steps = range(first, last + 1)
        case [first, step, last] if step:
            steps = range(first, last + (1 if step > 0 else -1), step)
        case _:
            return UNTOLD
    return Output(_bytes("".join(f"{n}\n" for n in steps)) if len(steps) <= 10_000 else None)


def ls(arguments: Sequence[str | None], place: Place) -> Output:
    """The names of one folder, or files as they are named: one a line, as into a pipe."""
    flags = {letter for word in arguments if word and re.fullmatch("-[1Aa]+", word) for letter in word[1:]}
    words = [word for word in arguments if word is None or not re.fullmatch("-[1Aa]+", word)]
    paths = [word for word in words if word is not None and not word.startswith("-")]
    if len(paths) != len(words) or "a" in flags or place.working_directory is None:
        return Output(None, Status.UNKNOWN)
    found = [follow(place.files, join(place.working_directory, path)) for path in paths or ["."]]
    if any(isinstance(one.answer, Unknown) for one in found):
        return Output(None, Status.UNKNOWN)
    folders = [
        one for one in found if isinstance(one.answer, Entry) and one.answer.kind is FileKind.DIRECTORY
    ]
    if len(folders) == 1 == len(found):
        names = place.files.names(folders[0].path)
        more = place.files.lookup(join(folders[0].path, "?"))
        if isinstance(names, Unknown) or isinstance(more, Unknown):
            return Output(None, Status.UNKNOWN)
        lines = sorted(name for name in names if "A" in flags or not name.startswith("."))
    elif folders:
        return Output(None, Status.UNKNOWN)
    else:
        there = zip(paths, found, strict=False)
        lines = sorted(path for path, one in there if isinstance(one.answer, Entry))
    missing = any(isinstance(one.answer, Absent) for one in found)
    return Output(_bytes("".join(f"{line}\n" for line in lines)), Status.of(not missing))


PROGRAMS: dict[str, Program] = {
    "echo": echo,
    "printf": printf,
    "cat": cat,
    "dirname": dirname,
    "basename": basename,
    "pwd": pwd,
    "realpath": realpath,
    "seq": seq,
    "ls": ls,
}
"""They read and print, and change nothing."""


def _bytes(text: str) -> bytes | None:
    return text.encode("utf8", "surrogateescape") if len(text) <= LONGEST_OUTPUT else None
