"""Following symbolic links inside a tree, as the kernel would with the tree as its root."""

from __future__ import annotations

from msgspec import Struct

from parity.model.location import May, Unknown
from parity.tree.base import ABSENT, Absent, Answer, Entry, FileKind, FileTree, child, join

MOST_LINKS = 40  # Linux: ELOOP after 40


class Resolved(Struct, frozen=True):
    """Where a path leads once links are followed, and what is there."""

    path: str
    answer: Answer


def follow(tree: FileTree, path: str, *, last: bool = True, start: str = "/") -> Resolved:
    """Resolve every link on the way to `path`; the last part too unless `last` is False.

    `start`: the folder that `path` is seen from, without links on the way to it.

    Parts that are absent are kept as written, so the path of a file still to be made comes out right.
    """
    done = start
    todo = _parts(path)
    hops = 0
    answer: Answer = tree.lookup(start)
    while todo:
        part = todo.pop()
        if part == "..":
            done = join(done, "..")
            answer = tree.lookup(done)
            continue
        step = child(done, part)
        answer = tree.lookup(step)
        if isinstance(answer, Unknown | Absent):
            if isinstance(answer, Absent):
                return Resolved(_still_to_be_made(step, todo), answer)
            rest = step
            for more in reversed(todo):
                rest = join(rest, more)
            found = tree.lookup(rest)
            # A link that may be gone: what lies below it is wherever it led, or nowhere.
            gone = answer.may is May.REMOVES and isinstance(found, Absent)
            return Resolved(rest, answer if gone else found)
        if answer.kind is FileKind.SYMLINK and (todo or last):
            hops += 1
            if hops > MOST_LINKS:
                return Resolved(step, ABSENT)
            if answer.target.startswith("/"):
                done = "/"
            todo += _parts(answer.target)
            answer = tree.lookup(done)
            continue
        if answer.kind is FileKind.FILE and todo:
            return Resolved(_still_to_be_made(step, todo), ABSENT)
        done = step
    return Resolved(done, answer)


def passes_root(tree: FileTree, path: str) -> bool:
    """Does a link on the way to the cleaned path, not its last part, lead to the root of the tree?"""
    place = "/"
    for part in path.split("/")[1:-1]:
        found = follow(tree, part, start=place)
        if found.path == "/" or not isinstance(found.answer, Entry):
            return found.path == "/"
        place = found.path
    return False


def _parts(path: str) -> list[str]:
    """The last one first."""
    return [part for part in reversed(path.split("/")) if part not in ("", ".")]


def _still_to_be_made(step: str, todo: list[str]) -> str:
    """Linux: `..` of what is not there leads nowhere; the path stays below `step`, so nothing is taken for it."""
    return join(step, "/".join(part for part in reversed(todo) if part != ".."))


def is_file(tree: FileTree, path: str) -> bool:
    """Is a file known to be there, links followed?"""
    answer = follow(tree, path).answer
    return isinstance(answer, Entry) and answer.kind is FileKind.FILE


def is_folder(tree: FileTree, path: str) -> bool:
    """Is a folder known to be there, links followed?"""
    answer = follow(tree, path).answer
    return isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY
