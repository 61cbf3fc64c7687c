"""What do cp, mv and install do to the files? (GNU coreutils)"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from parity.model.location import May, Unknown
from parity.programs.arguments import (
    Arguments,
    CommandFunction,
    Named,
    arguments,
    holds,
    named,
    parent_answer,
    together,
    unknown,
    whole,
)
from parity.programs.cp import copy_led, copy_onto, links_below
from parity.programs.files import hide, make_folder, make_parents
from parity.programs.modes import octal
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Status
from parity.shell.word import Word
from parity.tree.base import Absent, Entry, FileKind, join, parent_of, within
from parity.tree.writable import WritableTree

_Act = Callable[[Call, WritableTree, Named, Named, Arguments], Status]


def mv(call: Call, files: WritableTree) -> Status:
    given = arguments(call, "tS", "target-directory suffix")
    return _each(call, files, given, _move)


def _move(_call: Call, files: WritableTree, source: Named, target: Named, given: Arguments) -> Status:
    if isinstance(source.answer, Absent):
        return Status.FAILURE
    if source.text.rstrip("/").endswith(("/.", "/..")) or source.path == "/":
        return Status.FAILURE
    if isinstance(source.answer, Unknown):
        files.obscure(target.path, source.answer)
        return Status.UNKNOWN
    # Linux: rename("link/", ...) is ENOTDIR, whatever the link leads to.
    if source.text.endswith("/") and not named(files, source.text.rstrip("/"), last=False).is_directory:
        return Status.FAILURE
    if given.has("n", "no-clobber") and isinstance(target.answer, Entry):
        return Status.SUCCESS
    if source.path == target.path or (source.is_directory and within(target.path, source.path)):
        return Status.FAILURE
    if isinstance(target.answer, Unknown):
        files.obscure(target.path, replace(target.answer, may=May.ANYTHING), removes=True)
        files.remove(source.path)
        return Status.UNKNOWN
    room = holds(parent_answer(files, target.path))
    if room is False or (target.text.endswith("/") and not source.is_directory and not target.is_directory):
        return Status.FAILURE
    if isinstance(target.answer, Entry):
        if source.is_directory is not target.is_directory:
            return Status.FAILURE
        if target.is_directory:
            inside = files.names(target.path)
            if inside:
                return Status.UNKNOWN if isinstance(inside, Unknown) else Status.FAILURE
        files.remove(target.path)
    files.rename(source.path, target.path)
    return Status.UNKNOWN if room is None else Status.SUCCESS


def cp(call: Call, files: WritableTree) -> Status | Unreadable:
    given = arguments(call, "tS", "target-directory suffix")
    if given.has("s", "symbolic-link", "u", "update", "b", "backup"):
        return UNREADABLE
    if given.has("parents"):
        return _copy_with_parents(call, files, given)
    return _each(call, files, given, _copy)


def _recursive(given: Arguments) -> bool:
    return given.has("r", "R", "a", "recursive", "archive")


def _copy(call: Call, files: WritableTree, source: Named, target: Named, given: Arguments) -> Status:
    if given.has("L", "dereference") and _recursive(given):
        source = named(files, source.text, last=True)
        if source.is_directory and (links := links_below(files, source.path)) is not None:
            return copy_led(files, source, target, links)
        if source.is_directory:
            files.obscure(target.path, unknown(call, "cp -L of a folder is not followed"))
            return Status.UNKNOWN
    keeps_links = (_recursive(given) or given.has("P", "d", "no-dereference")) and not given.has(
        "L", "dereference", "H"
    )
    if not keeps_links:
        source = named(files, source.text, last=True)
    if isinstance(source.answer, Absent):
        return Status.FAILURE
    if given.has("n", "no-clobber") and isinstance(target.answer, Entry) and not source.is_directory:
        return Status.SUCCESS
    if source.is_directory and not _recursive(given):
        return Status.FAILURE
    is_link = isinstance(target.answer, Entry) and target.answer.kind is FileKind.SYMLINK
    if given.has("remove-destination") and source.is_file and is_link:
        files.remove(target.path)
        target = named(files, target.text, last=False)
    return copy_onto(files, source, target)


def _copy_with_parents(call: Call, files: WritableTree, given: Arguments) -> Status | Unreadable:
    if len(given.operands) < 2 or any(word.text is None for word in given.operands):
        return UNREADABLE
    *sources, last = given.operands
    folder = named(files, whole(call, last.text or "") or "/", last=True)
    if not folder.is_directory:
        return Status.UNKNOWN if isinstance(folder.answer, Unknown) else Status.FAILURE
    done: list[Status] = []
    for word in sources:
        text = word.text or ""
        source = named(files, whole(call, text) or "/", last=False)
        target = f"{folder.path}/{text.lstrip('/')}"
        if isinstance(source.answer, Absent) or ".." in text.split("/"):
            done.append(Status.FAILURE)
            continue
        files.make_directory(join("/", target).rpartition("/")[0])
        done.append(_copy(call, files, source, named(files, target, last=False), given))
    return together(done)


def _each(call: Call, files: WritableTree, given: Arguments, act: _Act) -> Status:
    """`program SOURCE DEST`, `program SOURCE... FOLDER`, `-t FOLDER SOURCE...`, `-T SOURCE DEST`."""
    folder = given.value("t", "target-directory")
    into = given.has("t", "target-directory")
    operands = list(given.operands)
    if into:
        last = Word(folder)
    else:
        if len(operands) < 2:
            return Status.FAILURE if all(word.text is not None for word in operands) else Status.UNKNOWN
        last = operands.pop()
    if last.text is None or whole(call, last.text) is None:
        return hide(call, files, last, "the destination is not known")
    place = whole(call, last.text) or "/"
    goal = named(files, place, last=True)
    plain = given.has("T", "no-target-directory")
    if not last.text or (plain and (into or len(operands) != 1)):
        return Status.FAILURE
    if not into and not plain and isinstance(goal.answer, Unknown):
        return _into_doubt(call, files, operands, goal, act)
    is_folder = goal.is_directory and not plain
    if (into or len(operands) > 1) and not is_folder:
        return Status.UNKNOWN if isinstance(goal.answer, Unknown) else Status.FAILURE
    done: list[Status] = []
    for word in operands:
        if word.text is None or whole(call, word.text) is None:
            base = word.prefix.rpartition("/")[2] if word.unlisted else ""
            files.obscure(goal.path, unknown(call, f"what is put into {goal.path} is not known ({base}*)"))
            if act is _move and not word.unlisted:
                hide(call, files, word, "what is moved here is not known", removes=True)
            done.append(Status.UNKNOWN)
            continue
        source = named(files, whole(call, word.text) or "/", last=False) if word.text else None
        if source is None:
            done.append(Status.FAILURE)
            continue
        target = named(files, place, last=False)
        if is_folder:
            base = word.text.rstrip("/").rpartition("/")[2] or "/"
            target = named(files, f"{goal.path.rstrip('/')}/{base}", last=base in (".", ".."))
        done.append(act(call, files, source, target, given))
    return together(done)


def _into_doubt(call: Call, files: WritableTree, sources: list[Word], goal: Named, act: _Act) -> Status:
    """The destination may be a folder or not: what arrives is somewhere at or below it."""
    why = goal.answer if isinstance(goal.answer, Unknown) else unknown(call, "the destination is not known")
    files.obscure(goal.path, why)
    for word in sources:
        path = None if word.text is None else whole(call, word.text)
        if path is None:
            continue
        source = named(files, path, last=False)
        if isinstance(source.answer, Absent):
            return Status.FAILURE
        if act is _move and isinstance(source.answer, Entry):
            files.remove(source.path)
    return Status.UNKNOWN


def install(call: Call, files: WritableTree) -> Status:
    given = arguments(call, "mogtS", "mode owner group target-directory suffix")
    mode = octal(given.value("m", "mode"))
    if mode is None:
        mode = 0o755
    if given.has("d", "directory"):
        return together(
            [make_folder(call, files, word, parents=True, mode=mode) for word in given.operands]
            or [Status.FAILURE]
        )
    if given.has("D") and len(given.operands) == 2 and not given.has("t"):
        path = None if given.operands[1].text is None else whole(call, given.operands[1].text)
        if path is not None:
            make_parents(files, parent_of(path.rstrip("/")))
    if given.has("D") and (folder := given.value("t", "target-directory")):
        make_parents(files, whole(call, folder) or "/")

    def act(_call: Call, files: WritableTree, source: Named, target: Named, given: Arguments) -> Status:
        source = named(files, source.text, last=True)
        if isinstance(source.answer, Absent) or source.is_directory:
            return Status.FAILURE
        if source.path == named(files, target.path, last=True).path:
            return Status.FAILURE
        if isinstance(target.answer, Entry) and not target.is_directory:
            files.remove(target.path)
            target = named(files, target.path, last=False)
        status = copy_onto(files, source, target)
        files.change_mode(target.path, mode, given.value("o", "owner"), recursive=False)
        return status

    return _each(call, files, given, act)


COMMANDS: dict[str, CommandFunction] = {"cp": cp, "mv": mv, "install": install}
