"""`check` as a GitLab code quality report: shown in the merge request."""

from __future__ import annotations

import hashlib

from parity.formats.presentation import Presentation
from parity.formats.report.json import Json
from parity.formats.safe import json_text
from parity.formats.words import cause_line
from parity.model.finding import Finding, Severity
from parity.model.location import Location
from parity.model.octets import octets
from parity.model.report import ImageReport, Report

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, presentation: Presentation) -> str:
    """A JSON list, ending in a newline. No two fingerprints are alike: GitLab keeps one of each."""
    seen: dict[str, int] = {}
    issues: list[Json] = []
    for failure in report.failures:
        place = failure.location or Location(failure.dockerfile)
        text = f"{failure.dockerfile} cannot be checked: {failure.message}"
        print_of = _unique(f"failure\0{failure.dockerfile}", seen)
        issues.append(_issue("cannot-be-checked", text, "blocker", place, print_of, presentation))
    for note in report.notes:
        place = note.location or Location(".")
        print_of = _unique(f"note\0{note.message}", seen)
        issues.append(_issue("not-looked-at", note.message, "info", place, print_of, presentation))
    for image in report.images:
        for finding in image.findings:
            place = finding.location or Location(image.dockerfile)
            print_of = _unique(f"{image.dockerfile}\0{image.target}\0{finding.fingerprint}", seen)
            severity = _SEVERITIES[finding.severity]
            name = f"{finding.code} {finding.name}"
            issues.append(
                _issue(name, _text(finding, image, presentation), severity, place, print_of, presentation)
            )
    return json_text(issues)


def _issue(name: str, text: str, severity: str, place: Location, print_of: str, shown: Presentation) -> Json:
    first = max(place.line, 1)
    return {
        "description": text,
        "check_name": name,
        "fingerprint": print_of,
        "severity": severity,
        "location": {
            "path": shown.in_repository(place.path),
            "lines": {"begin": first, "end": max(place.end_line, first)},
        },
    }


def _text(finding: Finding, image: ImageReport, presentation: Presentation) -> str:
    parts = [f"{finding.message} ({image.dockerfile})"]
    if finding.cause is not None:
        parts.append(f"cause: {cause_line(finding.cause, presentation)}")
    if finding.fix:
        parts.append(f"fix: {finding.fix}")
    return "; ".join(parts)


def _unique(text: str, seen: dict[str, int]) -> str:
    seen[text] = seen.get(text, 0) + 1
    return hashlib.sha256(octets(f"{text}\0{seen[text]}")).hexdigest()[:32]
