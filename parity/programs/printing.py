"""What do the programs print whose output follows from their arguments and files: cat, dirname, ls, seq, ...?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence

from parity.model.location import Unknown
from parity.programs.arguments import CommandFunction
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.printing import LONGEST_OUTPUT, Place, as_bytes, read
from parity.shell.status import Output, Status
from parity.tree.base import Absent, Entry, FileKind, join
from parity.tree.links import follow
from parity.tree.writable import WritableTree

Prints = Callable[[Sequence[str | None], Place], Output | None]
"""Arguments, and where it runs -> what is printed; None: it does something else."""
UNTOLD = Output(None)


def printing(prints: Prints) -> CommandFunction:
    """As a program of the registry: it changes nothing."""

    def run(call: Call, files: WritableTree) -> Output | Unreadable:
        stdin = call.stdin if isinstance(call.stdin, bytes) else None
        return prints(call.argv[1:], Place(files, call.working_directory, stdin, bash=False)) or UNREADABLE

    return run


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


def dirname(arguments: Sequence[str | None], _place: Place) -> Output:
    words = [word for word in arguments if word != "--"]
    if len(words) != 1 or words[0] is None:
        return UNTOLD
    path = words[0].rstrip("/") or ("/" if words[0].startswith("/") else "")
    parent = path.rpartition("/")[0].rstrip("/")
    text = parent or ("/" if path.startswith("/") else ".")
    return Output(as_bytes(text + "\n"))


def basename(arguments: Sequence[str | None], _place: Place) -> Output:
    words = [word for word in arguments if word != "--"]
    if len(words) not in (1, 2) or None in words or (words[0] or "").startswith("-"):
        return UNTOLD
    path = words[0] or ""
    name = path.rstrip("/").rpartition("/")[2] or ("/" if path else "")
    suffix = (words[1] or "") if len(words) == 2 else ""
    return Output(as_bytes((name if name == suffix else name.removesuffix(suffix)) + "\n"))


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
    return Output(as_bytes(posixpath.normpath(found.path) + "\n"))


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
    return Output(as_bytes("".join(f"{n}\n" for n in steps)) if len(steps) <= 10_000 else None)


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
    return Output(as_bytes("".join(f"{line}\n" for line in lines)), Status.of(not missing))


COMMANDS: dict[str, CommandFunction] = {
    "cat": printing(cat),
    "dirname": printing(dirname),
    "basename": printing(basename),
    "realpath": printing(realpath),
    "seq": printing(seq),
    "ls": printing(ls),
}
