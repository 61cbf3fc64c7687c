"""How often each rule finds something, the gravest and most frequent first."""

from __future__ import annotations

from collections import Counter

from parity.formats.finding import COLORS
from parity.formats.presentation import Presentation
from parity.formats.together import findings_once
from parity.formats.words import closing
from parity.model.report import Report


def render(report: Report, presentation: Presentation) -> str:
    """A line a rule and severity, and the counts; what several images have counts once."""
    style = presentation.style
    found = [told.finding for told in findings_once(report.images)]
    numbers = Counter((one.severity, one.code, one.name) for one in found)
    rows = sorted(numbers.items(), key=lambda row: (row[0][0].rank, -row[1], row[0][1]))
    lines = [
        f"{number:>5}  {style.paint(f'{severity.value:<7}', COLORS[severity])}  {code} {name}"
        for (severity, code, name), number in rows
    ]
    return "\n".join([*lines, closing(report, style), ""])
