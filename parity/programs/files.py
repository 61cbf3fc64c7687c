"""What do mkdir, rm, mv, cp, ln, touch, install, chmod and chown do to the files? (GNU coreutils)"""

from __future__ import annotations

import posixpath
from collections.abc import Callable

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
from parity.programs.cp import copy_led, copy_onto, links_below
from parity.programs.modes import octal
from parity.shell.host import Call
from parity.shell.status import Status
from parity.shell.word import Word
from parity.tree.base import Absent, Entry, FileKind, join, parent_of, within
from parity.tree.links import follow
from parity.tree.writable import WritableTree

SUCCESS, FAILURE, UNKNOWN = Status.SUCCESS, Status.FAILURE, Status.UNKNOWN


def mkdir(call: Call, files: WritableTree) -> Status:
    given = arguments(call, "m", "mode")
    mode = octal(given.value("m", "mode"))
    parents = given.has("p", "parents")
    return together([_mkdir(call, files, word, parents, mode) for word in given.operands] or [FAILURE])


def _mkdir(call: Call, files: WritableTree, word: Word, parents: bool, mode: int | None) -> Status:
    path = None if word.text is None else whole(call, word.text)
    if path is None:
        return _hide(call, files, word, "which folder it makes is not known")
    if not word.text:
        return FAILURE
    if not parents:
        there = named(files, path.rstrip("/") or "/", last=False)
        if isinstance(there.answer, Entry):
            return FAILURE
        room = holds(parent_answer(files, there.path))
        if room is False:
            return FAILURE
        if isinstance(there.answer, Unknown) or room is None:
            files.make_directory(there.path, mode)
            return UNKNOWN
        files.make_directory(there.path, mode)
        return SUCCESS
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
            return SUCCESS
        if isinstance(there.answer, Absent):
            if isinstance(files.lookup(there.path), Entry) or there.path != join(done, part):
                return FAILURE
            files.make_directory(there.path, mode if number == len(parts) - 1 else None)
        elif not there.is_directory:
            return FAILURE
        done = there.path
    return SUCCESS


def rm(call: Call, files: WritableTree) -> Status:
    given = arguments(call)
    force = given.has("f", "force")
    recursive = given.has("r", "R", "recursive")
    if not given.operands:
        return SUCCESS if force else FAILURE
    return together([_rm(call, files, word, given, force, recursive) for word in given.operands])


def _rm(
    call: Call, files: WritableTree, word: Word, given: Arguments, force: bool, recursive: bool
) -> Status:
    if word.unlisted:
        return SUCCESS if force else UNKNOWN
    path = None if word.text is None else whole(call, word.text)
    if path is None:
        return _hide(call, files, word, "what is removed here is not known", removes=True)
    if not word.text:
        return SUCCESS if force else FAILURE
    there = named(files, path, last=False)
    if isinstance(there.answer, Absent):
        return SUCCESS if force else FAILURE
    if path.rstrip("/").endswith(("/.", "/..")) or not path.strip("/"):
        return FAILURE if isinstance(there.answer, Entry) else UNKNOWN
    if there.is_directory and not recursive:
        if not given.has("d", "dir"):
            return FAILURE
        return _rmdir(files, there)
    plain = named(files, path.rstrip("/"), last=False)
    if path.endswith("/") and isinstance(plain.answer, Entry) and not plain.is_directory:
        # GNU rm: `rm -r link/` empties the folder and cannot remove it, which `-f` does not mind.
        inside = files.names(there.path) if there.is_directory else frozenset()
        for name in () if isinstance(inside, Unknown) else inside:
            files.remove(join(there.path, name))
        return SUCCESS if force else FAILURE
    files.remove(there.path)
    return SUCCESS if isinstance(there.answer, Entry) or force else UNKNOWN


def rmdir(call: Call, files: WritableTree) -> Status:
    given = arguments(call)
    done: list[Status] = []
    for word in given.operands:
        path = None if word.text is None else whole(call, word.text)
        if path is None:
            done.append(_hide(call, files, word, "what is removed here is not known", removes=True))
            continue
        if path.endswith(("/.", "/..")) or not word.text:
            done.append(FAILURE)
            continue
        there = named(files, path.rstrip("/") or "/", last=False)
        done.append(_rmdir(files, there))
        while given.has("p", "parents") and done[-1] is SUCCESS and "/" in word.text.strip("/"):
            word = Word(word.text.rstrip("/").rpartition("/")[0])
            there = named(files, whole(call, word.text or "") or "/", last=False)
            done.append(_rmdir(files, there))
            if "/" not in (word.text or "").strip("/"):
                break
    status = together(done or [FAILURE])
    return SUCCESS if status is FAILURE and given.has("ignore-fail-on-non-empty") else status


def _rmdir(files: WritableTree, there: Named) -> Status:
    if isinstance(there.answer, Unknown):
        return UNKNOWN
    if not there.is_directory:
        return FAILURE
    inside = files.names(there.path)
    if isinstance(inside, Unknown):
        return UNKNOWN
    if inside:
        return FAILURE
    files.remove(there.path)
    return SUCCESS


def mv(call: Call, files: WritableTree) -> Status:
    given = arguments(call, "tS", "target-directory suffix")
    return _each(call, files, given, _move)


def _move(_call: Call, files: WritableTree, source: Named, target: Named, given: Arguments) -> Status:
    if isinstance(source.answer, Absent):
        return FAILURE
    if source.text.rstrip("/").endswith(("/.", "/..")) or source.path == "/":
        return FAILURE
    if isinstance(source.answer, Unknown):
        files.obscure(target.path, source.answer)
        return UNKNOWN
    # Linux: rename("link/", ...) is ENOTDIR, whatever the link leads to.
    if source.text.endswith("/") and not named(files, source.text.rstrip("/"), last=False).is_directory:
        return FAILURE
    if given.has("n", "no-clobber") and isinstance(target.answer, Entry):
        return SUCCESS
    if source.path == target.path or (source.is_directory and within(target.path, source.path)):
        return FAILURE
    if isinstance(target.answer, Unknown):
        files.obscure(target.path, replace(target.answer, may=May.ANYTHING), removes=True)
        files.remove(source.path)
        return UNKNOWN
    room = holds(parent_answer(files, target.path))
    if room is False or (target.text.endswith("/") and not source.is_directory and not target.is_directory):
        return FAILURE
    if isinstance(target.answer, Entry):
        if source.is_directory is not target.is_directory:
            return FAILURE
        if target.is_directory:
            inside = files.names(target.path)
            if inside:
                return UNKNOWN if isinstance(inside, Unknown) else FAILURE
        files.remove(target.path)
    files.rename(source.path, target.path)
    return UNKNOWN if room is None else SUCCESS


def cp(call: Call, files: WritableTree) -> Status | None:
    given = arguments(call, "tS", "target-directory suffix")
    if given.has("s", "symbolic-link", "u", "update", "b", "backup"):
        return None
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
            return UNKNOWN
    keeps_links = (_recursive(given) or given.has("P", "d", "no-dereference")) and not given.has(
        "L", "dereference", "H"
    )
    if not keeps_links:
        source = named(files, source.text, last=True)
    if isinstance(source.answer, Absent):
        return FAILURE
    if given.has("n", "no-clobber") and isinstance(target.answer, Entry) and not source.is_directory:
        return SUCCESS
    if source.is_directory and not _recursive(given):
        return FAILURE
    is_link = isinstance(target.answer, Entry) and target.answer.kind is FileKind.SYMLINK
    if given.has("remove-destination") and source.is_file and is_link:
        files.remove(target.path)
        target = named(files, target.text, last=False)
    return copy_onto(files, source, target)


def _copy_with_parents(call: Call, files: WritableTree, given: Arguments) -> Status | None:
    if len(given.operands) < 2 or any(word.text is None for word in given.operands):
        return None
    *sources, last = given.operands
    folder = named(files, whole(call, last.text or "") or "/", last=True)
    if not folder.is_directory:
        return UNKNOWN if isinstance(folder.answer, Unknown) else FAILURE
    done: list[Status] = []
    for word in sources:
        text = word.text or ""
        source = named(files, whole(call, text) or "/", last=False)
        target = f"{folder.path}/{text.lstrip('/')}"
        if isinstance(source.answer, Absent) or ".." in text.split("/"):
            done.append(FAILURE)
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
            return FAILURE if all(word.text is not None for word in operands) else UNKNOWN
        last = operands.pop()
    if last.text is None or whole(call, last.text) is None:
        return _hide(call, files, last, "the destination is not known")
    place = whole(call, last.text) or "/"
    goal = named(files, place, last=True)
    plain = given.has("T", "no-target-directory")
    if not last.text or (plain and (into or len(operands) != 1)):
        return FAILURE
    if not into and not plain and isinstance(goal.answer, Unknown):
        return _into_doubt(call, files, operands, goal, act)
    is_folder = goal.is_directory and not plain
    if (into or len(operands) > 1) and not is_folder:
        return UNKNOWN if isinstance(goal.answer, Unknown) else FAILURE
    done: list[Status] = []
    for word in operands:
        if word.text is None or whole(call, word.text) is None:
            base = word.prefix.rpartition("/")[2] if word.unlisted else ""
            files.obscure(goal.path, unknown(call, f"what is put into {goal.path} is not known ({base}*)"))
            if act is _move and not word.unlisted:
                _hide(call, files, word, "what is moved here is not known", removes=True)
            done.append(UNKNOWN)
            continue
        source = named(files, whole(call, word.text) or "/", last=False) if word.text else None
        if source is None:
            done.append(FAILURE)
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
            return FAILURE
        if act is _move and isinstance(source.answer, Entry):
            files.remove(source.path)
    return UNKNOWN


def ln(call: Call, files: WritableTree) -> Status:
    given = arguments(call, "tS", "target-directory suffix")
    symbolic = given.has("s", "symbolic")
    operands = list(given.operands)
    if any(word.text is None for word in operands) or (
        call.working_directory is None and any(not (w.text or "").startswith("/") for w in operands)
    ):
        return _hide(
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
        return FAILURE
    if not place:
        return FAILURE
    goal_path = whole(call, place) or "/"
    itself = given.has("n", "no-dereference") and not place.endswith("/")
    goal = named(files, goal_path, last=not itself)
    is_folder = goal.is_directory and not given.has("T", "no-target-directory")
    if len(texts) > 1 and not is_folder:
        return UNKNOWN if isinstance(goal.answer, Unknown) else FAILURE
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
        return FAILURE
    if not symbolic and (isinstance(source.answer, Absent) or source.is_directory):
        return FAILURE
    if isinstance(there.answer, Entry):
        seen = named(files, source.text, last=True) if symbolic else source
        same = seen.path == there.path and not isinstance(seen.answer, Absent)
        if there.is_directory or not given.has("f", "force") or same:
            return FAILURE
        files.remove(there.path)
    doubt = room is None or isinstance(there.answer, Unknown)
    if not symbolic:
        files.copy(source.path, there.path)
        return UNKNOWN if doubt or isinstance(source.answer, Unknown) else SUCCESS
    if given.has("r", "relative"):
        text = posixpath.relpath(source.path, parent_of(there.path))
    files.link(there.path, text)
    return UNKNOWN if doubt else SUCCESS


def touch(call: Call, files: WritableTree) -> Status:
    given = arguments(call, "drt", "date reference time")
    done: list[Status] = []
    for word in given.operands:
        path = None if word.text is None else whole(call, word.text)
        if path is None:
            done.append(_hide(call, files, word, "a file whose name is not known"))
            continue
        there = named(files, path, last=True)
        if given.has("c", "no-create", "h") or (isinstance(there.answer, Entry) and word.text):
            above = parent_answer(files, there.path)
            blocked = (there.is_file and path.endswith("/")) or (
                isinstance(above, Entry) and above.kind is not FileKind.DIRECTORY
            )
            done.append(FAILURE if blocked else SUCCESS)
        elif not word.text or path.endswith(("/", "/.", "/..")):
            done.append(FAILURE)
        else:
            done.append(_create(files, there))
    return together(done or [FAILURE])


def _create(files: WritableTree, there: Named) -> Status:
    room = holds(parent_answer(files, there.path))
    if room is False:
        return FAILURE
    doubt = isinstance(there.answer, Unknown)
    files.write(there.path, there.answer if isinstance(there.answer, Unknown) else b"")
    return UNKNOWN if room is None or doubt else SUCCESS


def tee(call: Call, files: WritableTree) -> Status:
    """Writes what it reads; what it prints is not kept."""
    given = arguments(call)
    done: list[Status] = []
    for word in given.operands:
        path = None if word.text is None else whole(call, word.text)
        if path is None:
            done.append(_hide(call, files, word, "a file whose name is not known"))
            continue
        there = named(files, path, last=True)
        room = holds(parent_answer(files, there.path))
        if there.is_directory or room is False or not word.text or path.endswith(("/", "/.")):
            done.append(FAILURE)
            continue
        content = call.stdin
        if given.has("a", "append") and isinstance(there.answer, Entry):
            before = files.read(there.path)
            content = before + content if isinstance(before, bytes) and isinstance(content, bytes) else None
        files.write(there.path, unknown(call, "what tee reads is not known") if content is None else content)
        done.append(SUCCESS if room else UNKNOWN)
    return together(done or [SUCCESS])


def install(call: Call, files: WritableTree) -> Status:
    given = arguments(call, "mogtS", "mode owner group target-directory suffix")
    mode = octal(given.value("m", "mode"))
    if mode is None:
        mode = 0o755
    if given.has("d", "directory"):
        return together(
            [_mkdir(call, files, word, parents=True, mode=mode) for word in given.operands] or [FAILURE]
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
            return FAILURE
        if source.path == named(files, target.path, last=True).path:
            return FAILURE
        if isinstance(target.answer, Entry) and not target.is_directory:
            files.remove(target.path)
            target = named(files, target.path, last=False)
        status = copy_onto(files, source, target)
        files.change_mode(target.path, mode, given.value("o", "owner"), recursive=False)
        return status

    return _each(call, files, given, act)


def _hide(call: Call, files: WritableTree, word: Word, reason: str, *, removes: bool = False) -> Status:
    """An operand that cannot be told: what it may name cannot be told either."""
    folder = confined(call, word)
    if folder is not None:
        why = unknown(call, reason)
        files.obscure(folder, replace(why, may=May.REMOVES) if removes else why, removes=removes)
    return UNKNOWN


_Act = Callable[[Call, WritableTree, Named, Named, Arguments], Status]

COMMANDS: dict[str, CommandFunction] = {
    "mkdir": mkdir,
    "rm": rm,
    "unlink": rm,
    "rmdir": rmdir,
    "mv": mv,
    "cp": cp,
    "ln": ln,
    "touch": touch,
    "tee": tee,
    "install": install,
}
