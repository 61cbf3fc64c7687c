"""What does a file say once its lines are edited?"""

from __future__ import annotations

from collections.abc import Iterable

from parity.model.finding import Edit
from parity.tree.base import Entry, FileTree
from parity.tree.links import follow


def applied(data: bytes, edits: Iterable[Edit]) -> bytes:
    r"""The file with the edits made, which are all of one file, speak of `data` and do not overlap.

    Lines end where `\n` does. New lines end as the file's first line does; a last line without an end gets
    one if a line follows it. Everything else stays as it is, to the byte.
    """
    lines = data.split(b"\n")
    end = b"\r\n" if lines[0].endswith(b"\r") and len(lines) > 1 else b"\n"
    kept = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    # Inserts at the same place stay in their order: made from below, the last of them goes first.
    ordered = sorted(edits, key=lambda edit: (edit.start_line, edit.end_line))
    for edit in reversed(ordered):
        new = edit.replacement.encode("utf8", "surrogateescape").replace(b"\r\n", b"\n").replace(b"\n", end)
        first, last = edit.start_line - 1, edit.end_line
        if new and first and first == len(kept) and not kept[-1].endswith(b"\n"):
            kept[-1] += end
        kept[first:last] = new.splitlines(keepends=True) if b"\n" in new else [new] if new else []
    return b"".join(kept)


def fitting(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits, once each, without those that overlap an earlier one."""
    chosen: list[Edit] = []
    for edit in edits:
        if edit not in chosen and not any(_overlap(edit, other) for other in chosen):
            chosen.append(edit)
    return tuple(chosen)


def _overlap(one: Edit, other: Edit) -> bool:
    """Replaced lines in common, or an insert within replaced lines."""
    if one.path != other.path:
        return False
    if one.end_line < one.start_line and other.end_line < other.start_line:
        return False
    return one.start_line <= other.end_line and other.start_line <= one.end_line


def made(tree: FileTree, edits: Iterable[Edit]) -> dict[str, bytes]:
    """The contents of the edited files, by path in the tree."""
    contents: dict[str, bytes] = {}
    asked = tuple(edits)
    for path in dict.fromkeys(edit.path for edit in asked):
        found = follow(tree, "/" + path)  # a link stays a link; one out of the project leads nowhere
        data = tree.read(found.path) if isinstance(found.answer, Entry) else None
        if isinstance(data, bytes):
            contents[found.path] = applied(data, (edit for edit in asked if edit.path == path))
    return contents
