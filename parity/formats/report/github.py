"""`check` as workflow commands: GitHub shows them beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from parity.formats.naming import names_of
from parity.formats.presentation import Presentation
from parity.formats.safe import safe
from parity.formats.style import PLAIN
from parity.formats.together import findings_once
from parity.formats.words import breaks, cause_line, chain_text, closing, exception_line, likely
from parity.model.finding import Finding, Severity
from parity.model.location import Location
from parity.model.report import Report

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
MOST = 10
"""GitHub shows this many annotations of each kind a step; what comes after them is lost."""


def render(report: Report, presentation: Presentation) -> str:
    """Annotations, the gravest first; what GitHub would not show, and the counts, as plain lines of the log."""
    lines = [
        _command("error", "parity: cannot be checked", safe(failure.message), failure.location, presentation)
        for failure in report.failures[:MOST]
    ]
    used = dict.fromkeys(Severity, 0)
    used[Severity.ERROR] = len(lines)
    used[Severity.WARNING] = min(len(report.notes), MOST)
    lines += [
        _command("warning", "parity: not looked at", safe(note.message), note.location, presentation)
        for note in report.notes[:MOST]
    ]
    rest: list[str] = [_plain(f.dockerfile, f.message) for f in report.failures[MOST:]]
    rest += [_plain("not looked at", note.message) for note in report.notes[MOST:]]
    for told in findings_once(report.images):
        finding = told.finding
        if finding.severity.rank > presentation.least.rank:
            continue
        place = finding.location or Location(told.images[0].dockerfile)
        if used[finding.severity] < MOST:
            used[finding.severity] += 1
            title = f"{finding.code} {finding.name}{likely(finding)}"
            text = "\n".join(_said(finding, names_of(told.images, report.images), presentation))
            lines.append(_command(_COMMANDS[finding.severity], title, text, place, presentation))
        else:
            rest.append(_plain(str(place), f"{finding.severity.value} {finding.code} {finding.message}"))
    return "\n".join([*lines, *rest, closing(report, PLAIN, presentation.of_infos), ""])


def _said(finding: Finding, where: str, presentation: Presentation) -> Iterator[str]:
    yield f"{safe(finding.message)} ({safe(where)})"
    if finding.cause is not None:
        yield f"cause: {safe(cause_line(finding.cause, presentation))}"
    if len(finding.chain) > 1:
        yield f"start-up reaches it through: {safe(chain_text(finding.chain))}"
    for note in finding.notes:
        yield f"note: {safe(note)}"
    if finding.exception or finding.exception_text:
        yield f"in the container: {safe(exception_line(finding))}"
    if finding.also_breaks:
        yield breaks(finding)
    if finding.fix:
        yield f"fix: {safe(finding.fix)}"


def _command(name: str, title: str, message: str, place: Location | None, presentation: Presentation) -> str:
    properties = []
    if place is not None:
        properties.append(("file", presentation.in_repository(place.path)))
        if place.line:
            properties.append(("line", str(place.line)))
            properties.append(("endLine", str(max(place.end_line, place.line))))
        # A column of an annotation over several lines would be refused.
        if place.column and place.end_line in (0, place.line):
            properties.append(("col", str(place.column)))
            if place.end_column:
                properties.append(("endColumn", str(place.end_column)))
    properties.append(("title", title))
    told = ",".join(f"{key}={_property(value)}" for key, value in properties)
    return f"::{name} {told}::{_data(message)}"


def _data(text: str) -> str:
    """actions/toolkit: core/src/command.ts: escapeData. Its lines have seen `safe`."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """actions/toolkit: core/src/command.ts: escapeProperty."""
    return _data(safe(text)).replace(":", "%3A").replace(",", "%2C")


def _plain(place: str, text: str) -> str:
    """A line of the log that cannot be taken for a command, whatever it holds."""
    return f"- {safe(place)}: {safe(text)}"
