"""Files that the start-up looks at: tests for existence, files opened, what is raised where one is not there."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from msgspec import Struct

from parity.model.location import Unknown
from parity.startup.state.failures import Failure, FailureKind, builtin_bases
from parity.startup.state.machine import Machine
from parity.startup.state.questions import ask
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    External,
    FilePath,
    FileText,
    Items,
    Value,
    text_of,
)
from parity.tree.base import Absent, Entry, FileKind, clean, join, within
from parity.tree.links import follow
from parity.verdict.question import Kind, NotChecked

MOST_LISTED = 500
"""Entries of a folder that a discovery loop is followed over."""


def absolute(machine: Machine, path: str) -> str:
    """The image path, seen from the working directory."""
    return join(machine.working_directory, path)


def real(machine: Machine, path: str) -> str:
    """The same with links followed."""
    return follow(machine.world.files, absolute(machine, path)).path


def is_there(machine: Machine, path: str) -> bool:
    """Is a file known to be at this image path?"""
    answer = follow(machine.world.files, path).answer
    return isinstance(answer, Entry) and answer.kind is FileKind.FILE


def tester(name: str) -> Callable[[Machine, Arguments, Value | None], Value]:
    """`os.path.exists`, `isfile` and `isdir`."""

    def test(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
        text = text_of(bound if bound is not None else arguments.get(0))
        if text is None:
            return ANYTHING
        answer = follow(machine.world.files, absolute(machine, text)).answer
        if isinstance(answer, Unknown):
            return ANYTHING
        if isinstance(answer, Absent):
            # a mount or an earlier step of the program may bring it
            return (
                Constant(False, assumed=True) if absolute(machine, text) not in machine.touched else ANYTHING
            )
        wanted = {"isfile": FileKind.FILE, "isdir": FileKind.DIRECTORY}.get(name)
        return Constant(wanted is None or answer.kind is wanted)

    return test


def list_directory(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    text = text_of(bound if bound is not None else arguments.get(0) or Constant("."))
    if text is None:
        return ANYTHING
    if not is_known_folder(machine, text):
        require(machine, text, FileKind.DIRECTORY)
        return ANYTHING
    names = listing(machine, text)
    if bound is not None:
        return Items("list", [FilePath(posixpath.join(text, name)) for name in names])
    return Items("list", [Constant(name) for name in names])


def is_known_folder(machine: Machine, text: str) -> bool:
    answer = follow(machine.world.files, absolute(machine, text)).answer
    return isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY


def listing(machine: Machine, text: str) -> list[str]:
    names = machine.world.files.names(real(machine, text))
    return [] if isinstance(names, Unknown) else sorted(names)[:MOST_LISTED]


def open_file(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    """`open(path)`: a file that the image certainly lacks, and the checkout has, fails."""
    path: Value | None = bound if bound is not None else arguments.get(0, "file")
    mode = arguments.get(0 if bound is not None else 1, "mode")
    text = text_of(path)
    if text is None:
        return ANYTHING
    wanted = "r" if mode is None else text_of(mode)
    if wanted is None:
        machine.touched.add(absolute(machine, text))
        return ANYTHING
    if not wanted.startswith("r"):
        require_folder_of(machine, text)
        machine.touched.add(absolute(machine, text))
        return ANYTHING
    require_file(machine, text)
    return External("io.TextIOWrapper", FileText(absolute(machine, text)))


def read_file(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    """`file.read()` of all that it says."""
    del machine
    return bound if bound is not None and not arguments.positional else ANYTHING


class Refusal(Struct, frozen=True):
    """What is raised where a file is not there: `text` "" says what `open` says; `absolute`: of the whole path."""

    exception: str = "FileNotFoundError"
    text: str = ""
    absolute: bool = False


PLAIN = Refusal()


def require_file(machine: Machine, text: str) -> None:
    """The program reads this file now. `text` is the path as the program has it."""
    require(machine, text, FileKind.FILE)


def require_folder_of(machine: Machine, text: str, refusal: Refusal = PLAIN) -> None:
    """The program makes this file now: its folder must be there."""
    folder = posixpath.dirname(text)
    if folder:
        require(machine, folder, FileKind.DIRECTORY, refusal, told=text)


def require(
    machine: Machine, text: str, kind: FileKind | None, refusal: Refusal = PLAIN, *, told: str = ""
) -> None:
    """Something of this kind (None: whatever) must be there. `told`: the name that is complained about."""
    path = absolute(machine, text)
    if any(within(path, made) or within(made, path) for made in machine.touched):
        return
    found = follow(machine.world.files, path).answer
    if isinstance(found, Entry):
        if found.source and found.kind is FileKind.FILE:
            machine.opened[path] = found.source
        return
    local = in_checkout(machine, path, kind) or _from_another_folder(machine, text, kind)
    if not local and not (isinstance(found, Absent) and found.removed_by):
        return  # neither world has it: a mount or a secret brings it, as far as can be known
    doubt = found if isinstance(found, Unknown) else None
    answer = ask(machine, Kind.DATA, text, path, doubt, in_checkout=local)
    if isinstance(answer, NotChecked):
        return
    said = absolute(machine, told or text) if refusal.absolute else told or text
    machine.fail(
        Failure(
            FailureKind.MISSING_FILE,
            refusal.exception,
            refusal.text or f"[Errno 2] No such file or directory: {said!r}",
            "",
            machine.chain(),
            machine.place(),
            name=text,
            in_checkout=local,
            image_path=path,
            certain=answer.certain,
            unknown=answer.doubt,
        ),
        builtin_bases(refusal.exception) or (refusal.exception, "Exception", "BaseException"),
    )


def in_checkout(machine: Machine, path: str, kind: FileKind | None) -> str:
    """The checkout's file (or folder, by `kind`) that corresponds to an image path; "" for none."""
    folder, _, name = path.rpartition("/")
    while folder and not machine.world.counterpart(
        folder
    ):  # nothing of it is in the image: the folder above tells
        folder, _, last = folder.rpartition("/")
        name = f"{last}/{name}"
    return _of_kind(machine, folder or "/", name, kind)


def _of_kind(machine: Machine, folder: str, name: str, kind: FileKind | None) -> str:
    """What the checkout has of this name where it has the image's folder."""
    for local in machine.world.counterpart(folder):
        found = follow(machine.world.checkout, join(local, name))
        if isinstance(found.answer, Entry) and found.answer.kind is (kind or found.answer.kind):
            return clean(found.path)
    return ""


def _from_another_folder(machine: Machine, text: str, kind: FileKind | None) -> str:
    """A relative path that leads to a file from a folder above the working directory: there it was tried."""
    folder = machine.working_directory
    while not text.startswith("/") and kind is FileKind.FILE and folder != "/":
        folder = folder.rpartition("/")[0] or "/"
        found = in_checkout(machine, join(folder, text), kind) or _of_kind(machine, folder, text, kind)
        if found:
            return found
    return ""
