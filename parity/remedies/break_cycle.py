"""Which of a cycle's imports could run later, and by which edits?"""

from __future__ import annotations

from collections.abc import Iterator

from parity.model.finding import CycleImport, Edit, Finding
from parity.model.version import PythonVersion
from parity.remedies.defer_import import defer_import
from parity.remedies.importers import are_taken_elsewhere
from parity.tree.base import Entry, FileTree
from parity.tree.links import follow

LAZY = PythonVersion(3, 14)
"""PEP 649: annotations are evaluated when they are asked for."""


def ways_out(
    checkout: FileTree, finding: Finding, python: PythonVersion | None
) -> Iterator[tuple[Edit, ...]]:
    """Edits, any of which may end the finding, the best first. `python`: the one that runs the modules."""
    lazy = python is not None and python >= LAZY
    for one in finding.cycle_imports:
        edits = _deferred(checkout, one, lazy)
        if edits:
            yield edits


def _deferred(checkout: FileTree, wanted: CycleImport, lazy: bool) -> tuple[Edit, ...] | None:
    found = follow(checkout, "/" + wanted.path)
    data = checkout.read(found.path) if isinstance(found.answer, Entry) else None
    if not isinstance(data, bytes):
        return None
    names = [wanted.name] if wanted.name else []
    deferral = defer_import(wanted.path, data, wanted.line, names, lazy_annotations=lazy)
    if deferral is None or are_taken_elsewhere(checkout, found.path, deferral.names):
        return None
    return deferral.edits
