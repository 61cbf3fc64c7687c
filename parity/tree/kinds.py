"""What kinds of things are in a folder? A disk tells it with the names, without a look at each."""

from __future__ import annotations

from collections.abc import Mapping

from parity.model.location import Unknown
from parity.tree.base import Entry, FileKind, FileTree, child
from parity.tree.disk import DiskTree


def kinds_in(tree: FileTree, folder: str) -> Mapping[str, FileKind] | Unknown:
    """The names in the folder, in no order, and the kind of each; what cannot be looked at counts as a file."""
    if isinstance(tree, DiskTree):
        return tree.kinds(folder)
    names = tree.names(folder)
    if isinstance(names, Unknown):
        return names
    answers = {name: tree.lookup(child(folder, name)) for name in names}
    return {
        name: answer.kind if isinstance(answer, Entry) else FileKind.FILE
        for name, answer in answers.items()
        if isinstance(answer, Entry | Unknown)
    }
