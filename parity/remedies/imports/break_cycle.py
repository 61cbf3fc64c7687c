"""Which of a cycle's imports could come from elsewhere, go, or run later, and by which edits?"""

from __future__ import annotations

from collections.abc import Iterator

from parity.model.finding import CycleImport, Finding, Remedy
from parity.model.version import PythonVersion
from parity.remedies.imports.defer_import import defer_import
from parity.remedies.imports.definer import from_definer
from parity.remedies.imports.importers import are_taken_elsewhere, reads_annotations
from parity.tree.base import Entry, FileTree
from parity.tree.links import follow

LAZY = PythonVersion(3, 14)
"""PEP 649: annotations are evaluated when they are asked for."""


def ways_out(checkout: FileTree, finding: Finding, python: PythonVersion | None) -> Iterator[Remedy]:
    """Ways, any of which may end the finding, the best first. `python`: the one that runs the modules."""
    lazy = python is not None and python >= LAZY
    for one in finding.cycle_imports:
        yield from from_definer(checkout, one)
    later = [way for one in finding.cycle_imports for way in _deferred(checkout, one, lazy)]
    yield from (way for way in later if not way.unsafe)
    yield from (way for way in later if way.unsafe)


def _deferred(checkout: FileTree, wanted: CycleImport, lazy: bool) -> Iterator[Remedy]:
    """All names of the statement go to where they are used, or go; else the one that fails."""
    found = follow(checkout, "/" + wanted.path)
    data = checkout.read(found.path) if isinstance(found.answer, Entry) else None
    if not isinstance(data, bytes):
        return
    for names in ((), (wanted.name,)) if wanted.name else ((),):
        deferral = defer_import(wanted.path, data, wanted.line, names, lazy_annotations=lazy)
        if deferral is None or are_taken_elsewhere(checkout, found.path, deferral.names):
            continue
        if deferral.for_types and reads_annotations(checkout):
            continue
        moved = ", ".join(sorted(deferral.names))
        where = f"{wanted.path}:{wanted.line}"
        if all(not edit.replacement.strip() for edit in deferral.edits) and not wanted.path.endswith(
            "__init__.py"
        ):
            yield Remedy(f"{where}: take the import of {moved} away: nothing uses it", deferral.edits)
        else:
            yield Remedy(f"{where}: import {moved} where it is used", deferral.edits, unsafe=True)
