"""What do `find ... -delete`, `find ... -exec rm` and `xargs rm` remove? (GNU findutils)"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from parity.model.location import May, Unknown
from parity.patterns.posix import compile_pattern, matches
from parity.programs import archives, copy_move, files, modes, sed
from parity.programs.arguments import Arguments, CommandFunction, arguments, named, together, unknown, whole
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Runs, Unreadable
from parity.shell.status import Output, Status, Text
from parity.shell.word import Word
from parity.tree.base import Absent, Entry, FileKind, join
from parity.tree.uncertain import UncertainTree
from parity.tree.writable import WritableTree

MOST_VISITED = 50_000
READ_ONLY = frozenset(
    ("echo", "cat", "ls", "grep", "egrep", "file", "wc", "stat", "head", "du", "true", "test")
)
FILE_COMMANDS = {
    **files.COMMANDS,
    **copy_move.COMMANDS,
    **modes.COMMANDS,
    **sed.COMMANDS,
    "dos2unix": archives.dos2unix,
}
IN_PLACE = frozenset(("rm", "rmdir", "unlink", "chmod", "chown", "chgrp"))
"""They change what they are given, and nothing else."""
TYPES = {"f": FileKind.FILE, "d": FileKind.DIRECTORY, "l": FileKind.SYMLINK}


class Visited(Struct, frozen=True):
    """`shown` as find prints it; `depth` 0 for a starting point."""

    shown: str
    path: str
    entry: Entry
    depth: int

    @property
    def name(self) -> str:
        return self.shown.rstrip("/").rpartition("/")[2] or "/"


class Listed(Unknown, frozen=True):
    """What find prints where some of it cannot be told.

    `surely` is among it, `perhaps` may be; else only what the image may have where it cannot be told at all.
    """

    surely: bytes = b""
    perhaps: bytes = b""


class Walk(Struct):
    """One run of find: what it does while it goes.

    `printed` surely, `perhaps` on a condition that cannot be told. `lost`: where it goes cannot be told.
    """

    call: Call
    files: WritableTree
    doubt: bool = False
    statuses: list[Status] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    perhaps: list[str] = field(default_factory=list)
    lost: bool = False
    batches: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    pruned: bool = False
    removed: bool = False


Test = Callable[[Visited, Walk], bool | None]


class _NotFollowedError(Exception):
    """An expression that is not understood."""


def find(call: Call, files: WritableTree) -> Status | Output | Unreadable:
    words = [word.text for word in call.words[1:]]
    words = words[1:] if words[:1] and words[0] in ("-H", "-P") else words
    begun = (i for i, w in enumerate(words) if w in ("(", "!") or (w or "").startswith("-"))
    start = next(begun, len(words))
    paths = words[:start] or ["."]
    if any(text is None for text in words) or call.working_directory is None:
        return UNREADABLE
    try:
        expression = _Expression([text or "" for text in words[start:]])
        test = expression.whole()
    except _NotFollowedError:
        return UNREADABLE
    walk = Walk(call, files)
    for path in paths:
        _walk(walk, path or "", test, expression)
    for command, names in walk.batches.items():
        walk.statuses.append(_execute(walk, [*command, *names]))
    return Output(_content(walk), together(walk.statuses))


def _content(walk: Walk) -> Text:
    surely, perhaps = ("".join(p).encode("utf8", "surrogateescape") for p in (walk.printed, walk.perhaps))
    if walk.lost:
        return None
    if not walk.doubt:
        return surely
    why = unknown(walk.call, "what find finds is not known")
    return Listed(why.reason, why.location, surely=surely, perhaps=perhaps)


def _walk(walk: Walk, start: str, test: Test, expression: _Expression) -> None:
    there = named(walk.files, whole(walk.call, start) or "/", last=False)
    if not start or isinstance(there.answer, Absent):  # POSIX: an empty path names nothing
        walk.statuses.append(Status.FAILURE)
        return
    if isinstance(there.answer, Unknown):
        walk.doubt = True
        walk.statuses.append(Status.UNKNOWN)
        return
    todo: list[tuple[Visited, bool]] = [(Visited(start, there.path, there.answer, 0), False)]
    count = 0
    while todo:
        visited, inside_done = todo.pop()
        count += 1
        if count > MOST_VISITED:
            walk.lost = True
            walk.files.obscure(there.path, unknown(walk.call, "find visits too many files to be followed"))
            return
        walk.pruned = walk.removed = False
        folder = visited.entry.kind is FileKind.DIRECTORY and visited.depth < expression.deepest
        if inside_done or not expression.depth_first or not folder:
            if visited.depth >= expression.shallowest:
                _visit(walk, visited, test)
            if inside_done:
                continue
        if not folder or walk.pruned:
            continue
        if walk.removed:
            walk.statuses.append(Status.FAILURE)  # "No such file or directory": it was just removed
            continue
        if expression.depth_first:
            todo.append((visited, True))
        todo.extend((child, False) for child in _children(walk, visited))


def _visit(walk: Walk, visited: Visited, test: Test) -> None:
    if test(visited, walk) is None:
        walk.doubt = True


def _children(walk: Walk, visited: Visited) -> Iterator[Visited]:
    names = walk.files.names(visited.path)
    if isinstance(names, Unknown):
        walk.doubt = True
        return
    if isinstance(walk.files.lookup(join(visited.path, "?")), Unknown):
        walk.doubt = True
    for name in sorted(names, reverse=True):
        path = join(visited.path, name)
        entry = walk.files.lookup(path)
        if isinstance(entry, Entry):
            stem = visited.shown if visited.shown.endswith("/") else visited.shown + "/"
            yield Visited(stem + name, path, entry, visited.depth + 1)


def _execute(walk: Walk, argv: list[str]) -> Status:
    """`-exec`: a known file command, else nobody knows."""
    function = FILE_COMMANDS.get(argv[0].rpartition("/")[2])
    call = replace(walk.call, words=tuple(Word(text) for text in argv))
    status = function(call, walk.files) if function else None
    return status if isinstance(status, Status) else Status.UNKNOWN


class _Expression:
    """find's expression: `-o` below `-a` (or nothing) below `!`, parentheses."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.at = 0
        self.acts = False
        self.depth_first = "-depth" in words or "-delete" in words or "-d" in words
        self.deepest = 1000
        self.shallowest = 0

    def whole(self) -> Test:
        test = self.either(0) if self.words else _true
        if self.at != len(self.words):
            raise _NotFollowedError
        return test if self.acts else _both(test, _print("\n"))

    def peek(self) -> str | None:
        return self.words[self.at] if self.at < len(self.words) else None

    def take(self) -> str:
        if self.at >= len(self.words):
            raise _NotFollowedError
        self.at += 1
        return self.words[self.at - 1]

    def either(self, depth: int) -> Test:
        test = self.both(depth)
        while self.peek() in ("-o", "-or"):
            self.at += 1
            test = _any(test, self.both(depth))
        return test

    def both(self, depth: int) -> Test:
        test = self.primary(depth)
        while self.peek() not in (None, "-o", "-or", ")"):
            if self.peek() in ("-a", "-and"):
                self.at += 1
            test = _both(test, self.primary(depth))
        return test

    def primary(self, depth: int) -> Test:
        if depth > 50:
            raise _NotFollowedError
        word = self.take()
        match word:
            case "(":
                test = self.either(depth + 1)
                if self.take() != ")":
                    raise _NotFollowedError
                return test
            case "!" | "-not":
                return _negated(self.primary(depth + 1))
            case "-name" | "-iname" | "-path" | "-wholename" | "-ipath":
                return _named(word, self.take())
            case "-type":
                kinds = self.take().split(",")
                return lambda visited, walk: any(TYPES.get(k) is visited.entry.kind for k in kinds)  # noqa: ARG005
            case "-maxdepth" | "-mindepth":
                text = self.take()
                if not re.fullmatch(r"\d{1,3}", text):
                    raise _NotFollowedError
                if word == "-maxdepth":
                    self.deepest = int(text)
                else:
                    self.shallowest = int(text)
                return _true
            case "-depth" | "-d" | "-xdev" | "-mount" | "-noleaf" | "-true" | "-ignore_readdir_race":
                return _true
            case "-prune":
                return _prune
            case "-print" | "-print0":
                self.acts = True
                return _print("\0" if word == "-print0" else "\n")
            case "-delete":
                self.acts = True
                return _delete
            case "-exec" | "-execdir":
                return self.exec()
            case "-empty" | "-size" | "-newer" | "-mtime" | "-mmin" | "-user" | "-group" | "-perm" | "-links":
                if word != "-empty":
                    self.take()
                return lambda visited, walk: None  # noqa: ARG005
        raise _NotFollowedError

    def exec(self) -> Test:
        self.acts = True
        command: list[str] = []
        while True:
            word = self.take()
            if word == ";" or (word == "+" and command[-1:] == ["{}"]):
                break
            command.append(word)
        program = command[0].rpartition("/")[2] if command else ""
        if program in READ_ONLY:
            return lambda visited, walk: None  # noqa: ARG005
        if program not in FILE_COMMANDS:
            raise _NotFollowedError
        if word == "+":
            key = tuple(command[:-1])

            def collect(visited: Visited, walk: Walk) -> bool | None:
                walk.batches.setdefault(key, []).append(visited.shown)
                return True

            return collect

        def run(visited: Visited, walk: Walk) -> bool | None:
            status = _execute(walk, [part.replace("{}", visited.shown) for part in command])
            walk.removed = not isinstance(walk.files.lookup(visited.path), Entry)
            return None if status is Status.UNKNOWN else status is Status.SUCCESS

        return run


def _true(_visited: Visited, _walk: Walk) -> bool | None:
    return True


def _prune(_visited: Visited, walk: Walk) -> bool | None:
    walk.pruned = True
    return True


def _print(end: str) -> Test:
    def test(visited: Visited, walk: Walk) -> bool | None:
        walk.printed.append(visited.shown + end)
        return True

    return test


def _delete(visited: Visited, walk: Walk) -> bool | None:
    if visited.shown == ".":
        return True
    if visited.entry.kind is FileKind.DIRECTORY:
        inside = walk.files.names(visited.path)
        if inside or isinstance(inside, Unknown):
            walk.statuses.append(Status.UNKNOWN if isinstance(inside, Unknown) else Status.FAILURE)
            return None if isinstance(inside, Unknown) else False
    walk.files.remove(visited.path)
    return True


def _named(option: str, text: str) -> Test:
    fold = option.startswith("-i")
    pattern = compile_pattern(text.lower() if fold else text)
    by_name = option.endswith("name") and option != "-wholename"

    def test(visited: Visited, _walk: Walk) -> bool | None:
        subject = visited.name if by_name else visited.shown
        return matches(pattern, subject.lower() if fold else subject)

    return test


def _negated(test: Test) -> Test:
    def negated(visited: Visited, walk: Walk) -> bool | None:
        answer = test(visited, walk)
        return None if answer is None else not answer

    return negated


def _both(left: Test, right: Test) -> Test:
    def both(visited: Visited, walk: Walk) -> bool | None:
        first = left(visited, walk)
        if first is False:
            return False
        if first is None:
            return False if _in_doubt(visited, walk, right) is False else None
        return right(visited, walk)

    return both


def _any(left: Test, right: Test) -> Test:
    def either(visited: Visited, walk: Walk) -> bool | None:
        first = left(visited, walk)
        if first:
            return True
        if first is None:
            return _in_doubt(visited, walk, right) or None
        return right(visited, walk)

    return either


def _in_doubt(visited: Visited, walk: Walk, test: Test) -> bool | None:
    """`test` is made or not: what it would do to the files cannot be told from then on. Its answer, if made."""
    why = unknown(walk.call, "find removes this on a condition that is not known")
    other = Walk(walk.call, UncertainTree(walk.files, why))
    answer = test(visited, other)
    for command, names in other.batches.items():
        _execute(other, [*command, *names])
    walk.perhaps += other.printed + other.perhaps
    walk.lost = walk.lost or other.lost or other.pruned
    walk.doubt = True
    return answer


def xargs(call: Call, files: WritableTree) -> Status | Runs | Unreadable:
    """`... | xargs rm -rf`: with a known input, the command on each of its words (`-I`: of its lines)."""
    given = arguments(call, "nPILsdE", "max-args max-procs delimiter")
    words = list(call.words[1:])
    while words and (words[0].text or "").startswith("-"):
        words = words[2:] if words[0].text in ("-n", "-P", "-I", "-L", "-s", "-d", "-E") else words[1:]
    program = (words[0].text or "").rpartition("/")[2] if words else "echo"
    if program in READ_ONLY:
        return Status.UNKNOWN
    function = FILE_COMMANDS.get(program)
    if function is None:
        return _started(call, words, given)
    listed = call.stdin if isinstance(call.stdin, Listed) and program in IN_PLACE else None
    inputs = _inputs(listed.surely if listed else call.stdin, given)
    doubtful = _inputs(listed.perhaps if listed else b"", given)
    if (inputs is None or doubtful is None) and program in modes.COMMANDS:
        function(replace(call, words=(*words, Word(None)), stdin=b""), files)
        return Status.UNKNOWN
    if inputs is None or doubtful is None:
        why = unknown(call, f"which files xargs gives to {program} is not known")
        if program in ("rm", "rmdir"):
            why = replace(why, may=May.REMOVES)
        files.obscure(call.working_directory or "/", why, removes=True)
        return Status.UNKNOWN
    if listed:
        _each(call, files, function, words, given, inputs)
        _each(call, UncertainTree(files, listed), function, words, given, doubtful)
        return Status.UNKNOWN
    if not inputs and given.has("r", "no-run-if-empty"):
        return Status.SUCCESS
    return _each(call, files, function, words, given, inputs)


def _started(call: Call, words: list[Word], given: Arguments) -> Runs | Unreadable:
    """Another program, with everything at once, if it is known with what."""
    inputs = _inputs(call.stdin, given)
    if given.has("I") or (inputs is None and not isinstance(call.stdin, Unknown)):
        return UNREADABLE
    more = [Word(None, told=call.stdin)] if isinstance(call.stdin, Unknown) else map(Word, inputs or ())
    return Runs(replace(call, words=(*words, *more), stdin=b""))


def _each(
    call: Call,
    files: WritableTree,
    function: CommandFunction,
    words: list[Word],
    given: Arguments,
    inputs: list[str],
) -> Status:
    mark = given.value("I")
    if mark:
        runs = [[replace(w, text=w.text and w.text.replace(mark, one)) for w in words] for one in inputs]
    else:
        runs = [[*words, *map(Word, inputs)]]
    done = [function(replace(call, words=tuple(run), stdin=b""), files) for run in runs]
    return together([one for one in done if isinstance(one, Status)] or [Status.UNKNOWN])


def _inputs(read: Text, given: Arguments) -> list[str] | None:
    """The arguments that xargs reads; None where that cannot be told."""
    if not isinstance(read, bytes) or given.has("d", "delimiter", "L"):
        return None
    text = read.decode("utf8", "surrogateescape")
    if given.has("0", "null"):
        return [part for part in text.split("\0") if part]
    if any(char in text for char in "'\"\\"):
        return None
    if given.has("I"):
        return [stripped for line in text.split("\n") if (stripped := line.strip())]
    return text.split()


COMMANDS: dict[str, CommandFunction] = {"find": find, "xargs": xargs}
