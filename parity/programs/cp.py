"""What happens when `cp` meets something that is already there?"""

from __future__ import annotations

from parity.model.location import Unknown
from parity.programs.arguments import Named, holds, named, parent_answer, together
from parity.shell.status import Status
from parity.tree.base import Absent, Entry, FileKind, join, within
from parity.tree.writable import WritableTree

MOST_COMPARED = 5000
"""Names of a folder that are compared with what is there already."""


def copy_onto(files: WritableTree, source: Named, target: Named) -> Status:
    """Copy a file, link or folder onto exactly `target` (its last part not yet followed)."""
    if isinstance(source.answer, Unknown):
        files.obscure(target.path, source.answer)
        return Status.UNKNOWN
    if source.is_directory:
        return _folder(files, source, target)
    if source.text.endswith("/"):
        return Status.FAILURE
    led = named(files, target.text, last=True)
    if isinstance(target.answer, Unknown):
        files.obscure(target.path, target.answer)
        return Status.UNKNOWN
    room = holds(parent_answer(files, target.path))
    # cp looks through a link at the target only to copy a file.
    onto_folder = led.is_directory if source.is_file else target.is_directory
    if room is False or onto_folder or target.text.endswith("/"):
        return Status.FAILURE
    same = (source.path, named(files, source.text, last=True).path) if source.is_file else ()
    if led.path in same or target.path == source.path:
        return Status.FAILURE
    if isinstance(target.answer, Entry) and target.answer.kind is FileKind.SYMLINK:
        if source.is_file:
            # cp writes through a link, and refuses to if that leads nowhere.
            if isinstance(led.answer, Absent):
                return Status.FAILURE
            target = led
        else:
            files.remove(target.path)
    elif isinstance(target.answer, Entry) and not source.is_file:
        files.remove(target.path)
    files.copy(source.path, target.path)
    return Status.UNKNOWN if room is None else Status.SUCCESS


def _folder(files: WritableTree, source: Named, target: Named) -> Status:
    led = named(files, target.text, last=True)
    if within(led.path, source.path):
        files.obscure(led.path, Unknown("a folder is copied into itself"))
        return Status.FAILURE
    if isinstance(target.answer, Entry) and not led.is_directory:
        return Status.FAILURE if not isinstance(led.answer, Unknown) else Status.UNKNOWN
    room = holds(parent_answer(files, led.path))
    if room is False:
        return Status.FAILURE
    if led.is_directory and (failed := _conflicts(files, source.path, led.path)):
        return failed
    files.copy(source.path, led.path)
    return Status.UNKNOWN if room is None or isinstance(led.answer, Unknown) else Status.SUCCESS


def _conflicts(files: WritableTree, old: str, new: str) -> Status | None:
    """Where the two folders disagree on what is a folder, name by name; None: they merge cleanly."""
    todo = [""]
    seen = 0
    clash = False
    while todo and not clash:
        part = todo.pop()
        names = files.names(join(old, part))
        for name in () if isinstance(names, Unknown) else names:
            seen += 1
            below = f"{part}/{name}" if part else name
            here, there = files.lookup(join(old, below)), files.lookup(join(new, below))
            if not (isinstance(here, Entry) and isinstance(there, Entry)):
                continue
            if here.kind is FileKind.DIRECTORY is there.kind:
                todo.append(below)
            elif here.kind is not FileKind.FILE or there.kind is not FileKind.FILE:
                clash = True
        if seen > MOST_COMPARED:
            return None
    if not clash:
        return None
    listed = files.names(old)
    done: list[Status] = []
    for name in sorted(listed) if not isinstance(listed, Unknown) else ():
        child, goal = named(files, join(old, name), last=False), named(files, join(new, name), last=False)
        if child.is_directory and isinstance(goal.answer, Entry) and not goal.is_directory:
            done.append(Status.FAILURE)
        else:
            done.append(copy_onto(files, child, goal))
    return together(done)


def links_below(files: WritableTree, folder: str) -> list[str] | None:
    """The links in a folder; None where they cannot all be told, or one leads to a folder."""
    found: list[str] = []
    todo = [folder]
    seen = 0
    while todo:
        here = todo.pop()
        names = files.names(here)
        if isinstance(names, Unknown) or (seen := seen + len(names)) > MOST_COMPARED:
            return None
        for name in sorted(names):
            path = join(here, name)
            entry = files.lookup(path)
            if isinstance(entry, Entry) and entry.kind is FileKind.DIRECTORY:
                todo.append(path)
            elif isinstance(entry, Entry) and entry.kind is FileKind.SYMLINK:
                if not named(files, path, last=True).is_file:
                    return None
                found.append(path)
    return found


def copy_led(files: WritableTree, source: Named, target: Named, links: list[str]) -> Status:
    """Copy a folder, and what the `links` in it lead to in their place."""
    status = copy_onto(files, source, target)
    goal = named(files, target.text, last=True).path
    for link in links if status is not Status.FAILURE else ():
        place = join(goal, link[len(source.path) + 1 :])
        files.remove(place)
        files.copy(named(files, link, last=True).path, place)
    return status
