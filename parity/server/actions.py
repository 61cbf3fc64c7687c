"""The edits of a finding, as what an editor offers at its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lsprotocol.types import CodeAction, CodeActionKind, Diagnostic, Range, TextEdit, WorkspaceEdit

from parity.formats.together import findings_once
from parity.model.finding import Finding
from parity.model.location import Location
from parity.model.report import Report
from parity.server.positions import range_of_edit


def actions_at(
    report: Report, folder: Path, path: Path, span: Range, diagnostics: list[Diagnostic]
) -> Iterator[CodeAction]:
    """Of each finding whose lines the span touches.

    `report`: with the edits that hold; `diagnostics`: those shown there.
    """
    for told in findings_once(report.images):
        one = told.finding
        place = one.location or Location(told.images[0].dockerfile, 1)
        first, last = place.line - 1, max(place.end_line, place.line) - 1
        if folder / place.path != path or last < span.start.line or first > span.end.line:
            continue
        for remedy in one.remedies:
            if remedy.edits:
                yield CodeAction(
                    remedy.text,
                    kind=CodeActionKind.QuickFix,
                    diagnostics=[shown for shown in diagnostics if shown.code == one.code],
                    is_preferred=not remedy.unsafe,
                    edit=WorkspaceEdit(changes=_changes(one, folder)),
                )


def _changes(one: Finding, folder: Path) -> dict[str, list[TextEdit]]:
    changes: dict[str, list[TextEdit]] = {}
    for edit in one.edits:
        uri = (folder / edit.path).as_uri()
        changes.setdefault(uri, []).append(TextEdit(range_of_edit(edit), edit.replacement))
    return changes
