"""What do mkdir, rm, rmdir, ln, touch and tee do to the files? (GNU coreutils)"""

from __future__ import annotations

import posixpath

from msgspec.structs import replace

from parity.model.location import May, Unknown
from parity.programs.arguments import (
    Arguments,
    CommandFunction,
    Named,
    arguments,
    confined,
    holds,
    named,
    parent_answer,
    together,
    unknown,
    whole,
)
from parity.programs.modes import octal
from parity.shell.host import Call
from parity.shell.status import Status
from parity.shell.word import Word
from parity.tree.base import Absent, Entry, FileKind, join, parent_of
from parity.tree.links import follow
from parity.tree.writable import WritableTree


def mkdir(call: Call, files: WritableTree) -> Status:
    given = arguments(call, "m", "mode")
    mode = octal(given.value("m", "mode"))
    parents = given.has("p", "parents")
    return together(
        [make_folder(call, files, word, parents, mode) for word in given.operands] or [Status.FAILURE]
    )


def make_folder(call: Call, files: WritableTree, word: Word, parents: bool, mode: int | None) -> Status:
    path = None if word.text is None else whole(call, word.text)
    if path is None:
        return hide(call, files, word, "which folder it makes is not known", may=May.NOTHING)
    if not word.text:
        return Status.FAILURE
    if not parents:
        there = named(files, path.rstrip("/") or "/", last=False)
        if isinstance(there.answer, Entry):
            return Status.FAILURE
        room = holds(parent_answer(files, there.path))
        if room is False:
            return Status.FAILURE
        if isinstance(there.answer, Unknown) or room is None:
            files.make_directory(there.path, mode)
            return Status.UNKNOWN
        files.make_directory(there.path, mode)
        return Status.SUCCESS
    return make_parents(files, path, mode)


def make_parents(files: WritableTree, path: str, mode: int | None = None) -> Status:
    """`mkdir -p`, part by part: a file or a dangling link on the way is a failure."""
    done = "/"
    parts = [part for part in path.split("/") if part not in ("", ".")]
    for number, part in enumerate(parts):
        place = follow(files, part, start=done)  # from here, not from the root again
        there = Named(part, place.path, place.answer)
        if isinstance(there.answer, Unknown):
            files.make_directory(join(done, "/".join(parts[number:])), mode)
            return Status.SUCCESS
        if isinstance(there.answer, Absent):
            if isinstance(files.lookup(there.path), Entry) or there.path != join(done, part):
                return Status.FAILURE
            files.make_directory(there.path, mode if number == len(parts) - 1 else None)
        elif not there.is_directory:
            return Status.FAILURE
        done = there.path
    return Status.SUCCESS


def rm(call: Call, files: WritableTree) -> Status:
    given = arguments(call)
    force = given.has("f", "force")
    recursive = given.has("r", "R", "recursive")
    if not given.operands:
        return Status.SUCCESS if force else Status.FAILURE
    return together([_rm(call, files, word, given, force, recursive) for word in given.operands])


def _rm(
    call: Call, files: WritableTree, word: Word, given: Arguments, force: bool, recursive: bool
) -> Status:
    if word.unlisted:
        return Status.SUCCESS if force else Status.UNKNOWN
    path = None if word.text is None else whole(call, word.text)
    if path is None:
        return hide(call, files, word, "what is removed here is not known", removes=True)
    if not word.text:
        return Status.SUCCESS if force else Status.FAILURE
    there = named(files, path, last=False)
    if isinstance(there.answer, Absent):
        return Status.SUCCESS if force else Status.FAILURE
    if path.rstrip("/").endswith(("/.", "/..")) or not path.strip("/"):
        return Status.FAILURE if isinstance(there.answer, Entry) else Status.UNKNOWN
    if there.is_directory and not recursive:
        if not given.has("d", "dir"):
            return Status.FAILURE
        return _rmdir(files, there)
    plain = named(files, path.rstrip("/"), last=False)
    if path.endswith("/") and isinstance(plain.answer, Entry) and not plain.is_directory:
        # GNU rm: `rm -r link/` empties the folder and cannot remove it, which `-f` does not mind.
        inside = files.names(there.path) if there.is_directory else frozenset()
        for name in () if isinstance(inside, Unknown) else inside:
            files.remove(join(there.path, name))
        return Status.SUCCESS if force else Status.FAILURE
    files.remove(there.path)
    return Status.SUCCESS if isinstance(there.answer, Entry) or force else Status.UNKNOWN


def rmdir(call: Call, files: WritableTree) -> Status:
    given = arguments(call)
    done: list[Status] = []
    for word in given.operands:
        path = None if word.text is None else whole(call, word.text)
        if path is None:
            done.append(hide(call, files, word, "what is removed here is not known", removes=True))
            continue
        if path.endswith(("/.", "/..")) or not word.text:
            done.append(Status.FAILURE)
            continue
        there = named(files, path.rstrip("/") or "/", last=False)
        done.append(_rmdir(files, there))
        while given.has("p", "parents") and done[-1] is Status.SUCCESS and "/" in word.text.strip("/"):
            word = Word(word.text.rstrip("/").rpartition("/")[0])
            there = named(files, whole(call, word.text or "") or "/", last=False)
            done.append(_rmdir(files, there))
            if "/" not in (word.text or "").strip("/"):
                break
    status = together(done or [Status.FAILURE])
    return Status.SUCCESS if status is Status.FAILURE and given.has("ignore-fail-on-non-empty") else status


def _rmdir(files: WritableTree, there: Named) -> Status:
    if isinstance(there.answer, Unknown):
        return Status.UNKNOWN
    if not there.is_directory:
        return Status.FAILURE
    inside = files.names(there.path)
    if isinstance(inside, Unknown):
        return Status.UNKNOWN
    if inside:
        return Status.FAILURE
    files.remove(there.path)
    return Status.SUCCESS


def ln(call: Call, files: WritableTree) -> Status:
    given = arguments(call, "tS", "target-directory suffix")
    symbolic = given.has("s", "symbolic")
    operands = list(given.operands)
    if any(word.text is None for word in operands) or (
        call.working_directory is None and any(not (w.text or "").startswith("/") for w in operands)
    ):
        return hide(
            call, files, operands[-1] if operands else Word(None), "where the link leads is not known"
        )
    texts = [word.text or "" for word in operands]
    if given.has("t", "target-directory"):
        place = given.value("t", "target-directory") or ""
    elif len(texts) == 1:
        place = "."
    elif texts:
        place = texts.pop()
    else:
        return Status.FAILURE
    if not place:
        return Status.FAILURE
    goal_path = whole(call, place) or "/"
    itself = given.has("n", "no-dereference") and not place.endswith("/")
    goal = named(files, goal_path, last=not itself)
    is_folder = goal.is_directory and not given.has("T", "no-target-directory")
    if len(texts) > 1 and not is_folder:
        return Status.UNKNOWN if isinstance(goal.answer, Unknown) else Status.FAILURE
    done: list[Status] = []
    for text in texts:
        base = text.rstrip("/").rpartition("/")[2]
        there = named(files, f"{goal.path}/{base}" if is_folder else goal_path, last=False)
        done.append(_link(call, files, text, there, given, symbolic))
    return together(done)


def _link(
    call: Call, files: WritableTree, text: str, there: Named, given: Arguments, symbolic: bool
) -> Status:
    source = named(files, whole(call, text) or "/", last=False)
    room = holds(parent_answer(files, there.path))
    if room is False or not text or (there.text.endswith("/") and not there.is_directory):
        return Status.FAILURE
    if not symbolic and (isinstance(source.answer, Absent) or source.is_directory):
        return Status.FAILURE
    if isinstance(there.answer, Entry):
        seen = named(files, source.text, last=True) if symbolic else source
        same = seen.path == there.path and not isinstance(seen.answer, Absent)
        if there.is_directory or not given.has("f", "force") or same:
            return Status.FAILURE
        files.remove(there.path)
    doubt = room is None or isinstance(there.answer, Unknown)
    if not symbolic:
        files.copy(source.path, there.path)
        return Status.UNKNOWN if doubt or isinstance(source.answer, Unknown) else Status.SUCCESS
    if given.has("r", "relative"):
        text = posixpath.relpath(source.path, parent_of(there.path))
    files.link(there.path, text)
    return Status.UNKNOWN if doubt else Status.SUCCESS


def touch(call: Call, files: WritableTree) -> Status:
    given = arguments(call, "drt", "date reference time")
    done: list[Status] = []
    for word in given.operands:
        path = None if word.text is None else whole(call, word.text)
        if path is None:
            done.append(hide(call, files, word, "a file whose name is not known"))
            continue
        there = named(files, path, last=True)
        if given.has("c", "no-create", "h") or (isinstance(there.answer, Entry) and word.text):
            above = parent_answer(files, there.path)
            blocked = (there.is_file and path.endswith("/")) or (
                isinstance(above, Entry) and above.kind is not FileKind.DIRECTORY
            )
            done.append(Status.FAILURE if blocked else Status.SUCCESS)
        elif not word.text or path.endswith(("/", "/.", "/..")):
            done.append(Status.FAILURE)
        else:
            done.append(_create(files, there))
    return together(done or [Status.FAILURE])


def _create(files: WritableTree, there: Named) -> Status:
    room = holds(parent_answer(files, there.path))
    if room is False:
        return Status.FAILURE
    doubt = isinstance(there.answer, Unknown)
    files.write(there.path, there.answer if isinstance(there.answer, Unknown) else b"")
    return Status.UNKNOWN if room is None or doubt else Status.SUCCESS


def tee(call: Call, files: WritableTree) -> Status:
    """Writes what it reads; what it prints is not kept."""
    given = arguments(call)
    done: list[Status] = []
    for word in given.operands:
        path = None if word.text is None else whole(call, word.text)
        if path is None:
            done.append(hide(call, files, word, "a file whose name is not known"))
            continue
        there = named(files, path, last=True)
        room = holds(parent_answer(files, there.path))
        if there.is_directory or room is False or not word.text or path.endswith(("/", "/.")):
            done.append(Status.FAILURE)
            continue
        content = call.stdin
        if given.has("a", "append") and isinstance(there.answer, Entry):
            before = files.read(there.path)
            content = before + content if isinstance(before, bytes) and isinstance(content, bytes) else None
        files.write(there.path, unknown(call, "what tee reads is not known") if content is None else content)
        done.append(Status.SUCCESS if room else Status.UNKNOWN)
    return together(done or [Status.SUCCESS])


def hide(
    call: Call,
    files: WritableTree,
    word: Word,
    reason: str,
    *,
    may: May = May.ANYTHING,
    removes: bool = False,
) -> Status:
    """An operand that cannot be told: what it may name cannot be told either."""
    folder = confined(call, word)
    ending = word.ending.rpartition("/")[2]
    if folder is not None:
        suffixes = (ending,) if "." in ending and not removes else ()
        why = replace(unknown(call, reason), may=May.REMOVES if removes else may)
        files.obscure(folder, why, suffixes=suffixes, removes=removes)
    return Status.UNKNOWN


COMMANDS: dict[str, CommandFunction] = {
    "mkdir": mkdir,
    "rm": rm,
    "unlink": rm,
    "rmdir": rmdir,
    "ln": ln,
    "touch": touch,
    "tee": tee,
}
