"""What does a program of the start-up do to the files of the container?

The same as in a RUN step, but that the container may have other files (a volume) and other variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from parity.model.errors import ParityError
from parity.model.location import May, Unknown
from parity.programs.arguments import CommandFunction
from parity.programs.machine import functions
from parity.programs.registry import EDITORS, FETCHERS, MAKERS, opaque
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Runs, Unreadable
from parity.shell.status import Output, Status
from parity.tree.base import Absent, Entry, FileKind, join
from parity.tree.links import follow
from parity.tree.uncertain import UncertainTree
from parity.tree.writable import WritableTree

HARMLESS = frozenset("celery redis-cli psql mysqladmin pg_isready nc wget curl".split())
"""Programs that are not taken to make folders that the script then enters."""


def run_extra(
    call: Call, disk: WritableTree, extra: Mapping[str, CommandFunction]
) -> Output | Runs | Unreadable:
    """By `extra` (installers), as far as these know it."""
    return _run(call, disk, functions(call, extra, known=False))


def run_known(call: Call, disk: WritableTree) -> Output | Runs | Unreadable:
    """By the programs that are known."""
    words = tuple(word for word in call.words if word.text is not None or not word.blank)
    plain = replace(call, words=words, stdin=None)  # what is piped may depend on a variable as well
    edited = {path: disk.read(path) for path in _paths(call)} if call.program in EDITORS else {}
    done = _run(plain, disk, functions(call, {}))
    for path, before in edited.items():
        _kept(path, before, disk)
    if call.program == "ln":
        _may_lead_outside(plain, disk)
    if done is UNREADABLE and call.program in MAKERS | FETCHERS:
        opaque(call, possible(call, disk))
        return Output(None, Status.UNKNOWN)
    return Output(None, Status.UNKNOWN) if done is UNREADABLE and call.program in HARMLESS else done


def removed_by(call: Call) -> tuple[str, ...]:
    """The image paths that the program takes away."""
    if call.program not in ("rm", "rmdir", "unlink", "mv"):
        return ()
    return tuple(_paths(call))


def may_be_back(paths: Iterable[str], disk: WritableTree, call: Call) -> None:
    """A program that nobody follows may have made again what was removed before it."""
    for path in paths:
        if isinstance(disk.lookup(path), Absent):
            _may_be_there(path, disk, call)


def possible(call: Call, disk: WritableTree) -> WritableTree:
    """The files, doubtful where the call may not be reached, or does something else with other variables."""
    if call.certain and not _depends(call):
        return disk
    return UncertainTree(disk, Unknown("this command may or may not run", call.location))


def _depends(call: Call) -> bool:
    return any(word.depends_on or word.blank for word in call.words)


def _run(call: Call, disk: WritableTree, known: Iterable[CommandFunction]) -> Output | Runs | Unreadable:
    tree = possible(call, disk)
    for function in known:
        try:
            done = function(call, tree)
        except ParityError:
            return UNREADABLE
        if isinstance(done, Status):
            done = Output(None, done)
        if isinstance(done, Output) and done.status is Status.FAILURE:
            # What it misses here may be in the container.
            _may_be_made(call, disk)
            return Output(None, Status.UNKNOWN)
        if done is not UNREADABLE:
            return done
    return UNREADABLE


def _kept(path: str, before: bytes | Unknown, disk: WritableTree) -> None:
    """A file of settings in which a script puts values that nobody knows: what it starts stays what it was."""
    if isinstance(before, bytes) and isinstance(disk.read(path), Unknown) and not path.endswith(".py"):
        disk.write(path, before)


def _may_be_made(call: Call, disk: WritableTree) -> None:
    if call.program in FETCHERS:
        opaque(call, possible(call, disk))
    for path in _paths(call) if call.program in MAKERS else ():
        _may_be_there(path, disk, call)


def _may_lead_outside(call: Call, disk: WritableTree) -> None:
    """`ln -s /config/settings.py shop/`: a volume may have what is not in the image."""
    operands = tuple(_paths(call))
    names = (join(operands[-1], path.rpartition("/")[2]) for path in operands[:-1])
    for link in (*operands[-1:], *names):
        here = disk.lookup(link)
        if isinstance(here, Entry) and here.kind is FileKind.SYMLINK:
            led = follow(disk, link)
            if isinstance(led.answer, Absent):
                _may_be_there(led.path, disk, call)


def _paths(call: Call) -> Iterator[str]:
    """What the words of the call name; of one that is not known, the folder that it begins with."""
    for word in call.words[1:]:
        path = word.prefix.rpartition("/")[0] if word.text is None else word.text
        if not path.startswith("-"):
            yield join(call.working_directory or "/", path)


def _may_be_there(path: str, disk: WritableTree, call: Call) -> None:
    """With the folders above it that are not there."""
    above = path.rpartition("/")[0] or "/"
    while isinstance(disk.lookup(above), Absent):
        path, above = above, above.rpartition("/")[0] or "/"
    disk.obscure(path, Unknown("a program of the start-up may have made it", call.location, May.SOURCES))
