"""A report as an editor shows it: the findings of each file, each with its cause and the imports that lead there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from lsprotocol.types import Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity
from lsprotocol.types import Location as Place

from parity.formats.naming import names_of
from parity.formats.together import Told, findings_once
from parity.formats.words import label_of, likely
from parity.model.finding import Finding, Severity
from parity.model.location import Location
from parity.model.report import ImageReport, Report
from parity.server.positions import range_of

SEVERITIES = {
    Severity.ERROR: DiagnosticSeverity.Error,
    Severity.WARNING: DiagnosticSeverity.Warning,
    Severity.INFO: DiagnosticSeverity.Information,
}
SOURCE = "parity"


def diagnostics_of(
    report: Report, folder: Path, lines_of: Callable[[Path], list[str]]
) -> dict[Path, list[Diagnostic]]:
    """By file. A finding of no line stands at the top of its Dockerfile, and so does why an image was not checked."""
    found: dict[Path, list[Diagnostic]] = {}
    for told in findings_once(report.images):
        place = told.finding.location or Location(told.images[0].dockerfile, 1)
        path = folder / place.path
        found.setdefault(path, []).append(_diagnostic(told, place, report.images, folder, lines_of))
    for failure in report.failures:
        place = failure.location or Location(failure.dockerfile, 1)
        path = folder / place.path
        message = f"{failure.message}; {failure.hint}" if failure.hint else failure.message
        span = range_of(place, lines_of(path))
        found.setdefault(path, []).append(
            Diagnostic(span, message, severity=DiagnosticSeverity.Error, source=SOURCE)
        )
    return found


def _diagnostic(
    told: Told,
    place: Location,
    among: tuple[ImageReport, ...],
    folder: Path,
    lines_of: Callable[[Path], list[str]],
) -> Diagnostic:
    one = told.finding
    images = f" [{names_of(told.images, among)}]" if len(among) > 1 else ""
    fix = f"\nfix: {one.fix}" if one.fix else ""
    related = [
        DiagnosticRelatedInformation(
            Place((folder / at.path).as_uri(), range_of(at, lines_of(folder / at.path))), text
        )
        for at, text in _related(one)
    ]
    return Diagnostic(
        range_of(place, lines_of(folder / place.path)),
        f"{one.message}{likely(one)}{images}{fix}",
        severity=SEVERITIES[one.severity],
        code=one.code,
        source=SOURCE,
        related_information=related or None,
    )


def _related(one: Finding) -> Iterator[tuple[Location, str]]:
    """What is to blame, then the imports from the start command on, but the one that fails."""
    if one.cause is not None and one.cause.location is not None and one.cause.location.line:
        yield one.cause.location, label_of(one.cause) or one.cause.detail
    for link in one.chain[:-1]:
        if link.path and link.line:
            yield Location(link.path, link.line), f"{link.module} imports on"
