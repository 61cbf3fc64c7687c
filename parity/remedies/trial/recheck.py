"""Does an image have to be checked again, or did it read nothing of what was edited?"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar

from msgspec import Struct

from parity.tree.base import FileTree
from parity.tree.edited import EditedTree
from parity.tree.recorded import RecordedTree

Report = TypeVar("Report")


class _Earlier(Struct, Generic[Report], frozen=True):
    contents: Mapping[str, bytes]
    seen: frozenset[str]
    report: Report


class Rechecks(Generic[Report]):
    """Remembers the reports of one tree of files and of its edited versions, by what was asked."""

    def __init__(self) -> None:
        self._earlier: dict[Hashable, list[_Earlier[Report]]] = {}

    def report(self, question: Hashable, tree: FileTree, ask: Callable[[FileTree], Report]) -> Report:
        """What `ask` says of the tree; it is asked only if a file that it read reads otherwise now."""
        contents = tree.contents if isinstance(tree, EditedTree) else {}
        earlier = self._earlier.setdefault(question, [])
        for one in earlier:
            touched = one.seen & (contents.keys() | one.contents.keys())
            if all(contents.get(path) == one.contents.get(path) for path in touched):
                return one.report
        recorded = RecordedTree(tree)
        report = ask(recorded)
        earlier.append(_Earlier(contents, frozenset(recorded.seen), report))
        return report
