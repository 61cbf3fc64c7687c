"""`check` for editors and reviewers: `path:line:column: CODE message`, a line a finding, nothing else."""

from __future__ import annotations

from parity.formats.presentation import Presentation
from parity.formats.safe import safe
from parity.formats.together import findings_once
from parity.model.location import Location
from parity.model.report import Report


def render(report: Report, presentation: Presentation) -> str:
    """A line for each finding that text shows, ending in a newline; "" where there is none."""
    return "".join(
        f"{_place(told.finding.location or Location(told.images[0].dockerfile))}: "
        f"{told.finding.code} {safe(told.finding.message)}\n"
        for told in findings_once(report.images)
        if told.finding.severity.rank <= presentation.least.rank
    )


def _place(place: Location) -> str:
    """Line and column always: what reads these lines asks for both."""
    return f"{safe(place.path)}:{max(place.line, 1)}:{max(place.column, 1)}"
