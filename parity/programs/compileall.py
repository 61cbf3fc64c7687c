"""What does `python -m compileall` write?"""

from __future__ import annotations

import re

from msgspec import Struct

from parity.model.location import Unknown
from parity.programs.arguments import incidental, named, no_packages, whole
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Status
from parity.tree.base import Absent, Compiled, Entry, FileKind, join, parent_of
from parity.tree.uncertain import UncertainTree
from parity.tree.writable import WritableTree

MOST_COMPILED = 20_000
VALUED = frozenset("-d -s -p -x -i -j -o -e -r --invalidation-mode --hardlink-dupes".split())


class Naming(Struct, frozen=True):
    """The name that bytecode remembers of its source: `-d` of a file; `-s` and `-p`, or `-d`, of a folder."""

    destination: str | None = None
    strip: str | None = None
    prepend: str | None = None

    def below(self, folder: str) -> Naming:
        """CPython: `compile_dir` turns `-d` into the other two."""
        return self if self.destination is None else Naming(strip=folder, prepend=self.destination)

    def name(self, path: str) -> str:
        """CPython: `compile_file`. `path`: as the walk over the folder, or the operand, has it."""
        name = path
        if self.destination is not None:
            name = _joined(self.destination, path.rpartition("/")[2])
        if self.strip is not None:
            parts = path.split("/")
            for one, other in zip(self.strip.split("/"), path.split("/"), strict=False):
                if one == other:
                    parts.remove(one)
            name = _joined(*parts)
        return name if self.prepend is None else _joined(self.prepend, name)


def _joined(first: str, *more: str) -> str:
    """`os.path.join`."""
    path = first
    for part in more:
        path = part if part.startswith("/") or not path else f"{path.rstrip('/')}/{part}"
    return path


def compileall(call: Call, files: WritableTree) -> Status | Unreadable:
    """`-b`: NAME.pyc beside each NAME.py, else __pycache__/NAME.cpython-XY.pyc (CPython: compileall)."""
    beside = force = False
    places: list[str] = []
    deepest = 1000
    values: dict[str, str | None] = {}
    words = [word.text for word in call.words[1:]]
    while words:
        text = words.pop(0)
        if text is None:
            return UNREADABLE
        if text in VALUED:
            if text == "-i":
                return UNREADABLE
            if text == "-x":  # some are left out
                files = UncertainTree(files, no_packages(call, "which modules are compiled is not known"))
            values[text] = words[0] if words else None
            words = words[1:]
        elif re.fullmatch("-[bflq]+", text):
            beside = beside or "b" in text
            force = force or "f" in text
            deepest = 0 if "l" in text else deepest
        elif text.startswith("-"):
            beside = beside or text == "--legacy"
        else:
            places.append(text)
    if not places:
        return Status.UNKNOWN
    naming = Naming(values.get("-d"), values.get("-s"), values.get("-p"))
    for text in places:
        path = whole(call, text)
        if path is None:
            return UNREADABLE
        there = named(files, path, last=True)
        if isinstance(there.answer, Absent):
            return Status.FAILURE
        if not _Walk(call, files, deepest, beside, naming, force).compile(there.path, text):
            return UNREADABLE
    return Status.UNKNOWN


class _Walk(Struct, frozen=True):
    call: Call
    files: WritableTree
    deepest: int
    beside: bool
    naming: Naming
    force: bool

    def compile(self, top: str, text: str) -> bool:
        """The file, or all below the folder, `top`; `text`: as written. False where that is too much."""
        reason = "compiled from the source beside it"
        naming = self.naming if text.endswith(".py") else self.naming.below(text)
        todo = [(top, text, 0)]
        cached: set[str] = set()
        count = 0
        while todo:
            path, told, depth = todo.pop()
            entry = self.files.lookup(path)
            count += 1
            if count > MOST_COMPILED:
                return False
            if not isinstance(entry, Entry):
                continue
            if entry.kind is FileKind.FILE and path.endswith(".py"):
                if self.beside:
                    self._write(path + "c", Compiled(naming.name(told), entry))
                else:
                    # No import finds these on their own; the names depend on the interpreter.
                    cached.add(join(parent_of(path), "__pycache__"))
            elif entry.kind is FileKind.DIRECTORY and depth <= self.deepest:
                names = self.files.names(path)
                if isinstance(names, Unknown):
                    continue
                inside = sorted(names - {"__pycache__"})
                todo.extend((join(path, name), _joined(told, name), depth + 1) for name in inside)
        for folder in sorted(cached):
            self.files.obscure(folder, incidental(self.call, reason))
        return True

    def _write(self, path: str, compiled: Compiled) -> None:
        """What is up to date stays as it is, and keeps its name, but with `-f`."""
        before = self.files.lookup(path)
        known = before.compiled if isinstance(before, Entry) else None
        if self.force or known is None or known.source != compiled.source:
            self.files.write(path, compiled)
