"""`check --format json`: the shape that the contract fixes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from parity import __version__
from parity.formats.presentation import Presentation
from parity.formats.safe import json_text
from parity.model.finding import Cause, ChainLink, Edit, Finding, Severity
from parity.model.location import Location, Unknown
from parity.model.report import ImageReport, Report, Unchecked

Json: TypeAlias = "bool | int | float | str | list[Json] | Mapping[str, Json] | None"


def render(report: Report, presentation: Presentation) -> str:
    """The report as one JSON document, ending in a newline."""
    del presentation  # the paths of this one are relative to PATH
    made: Json = {
        "schema_version": 1,
        "tool": {"name": "parity", "version": __version__},
        "images": [image(one) for one in report.images],
        "failures": [
            {
                "dockerfile": failure.dockerfile,
                "message": failure.message,
                "location": location(failure.location),
                "hint": failure.hint,
            }
            for failure in report.failures
        ],
        "notes": [{"message": note.message, "location": location(note.location)} for note in report.notes],
        "summary": {
            "images": len(report.images) + len(report.failures),
            "errors": report.count(Severity.ERROR),
            "warnings": report.count(Severity.WARNING),
            "infos": report.count(Severity.INFO),
            "unchecked": report.unchecked,
            "modules_checked": report.modules,
        },
    }
    return json_text(made)


def image(report: ImageReport) -> Json:
    """One image of the report."""
    entrypoint = report.entrypoint
    return {
        "dockerfile": report.dockerfile,
        "context": report.context,
        "context_guessed": report.context_guessed,
        "target": report.target,
        "service": report.service,
        "verdict": report.verdict.value,
        "checked": {
            "modules": report.checked.modules,
            "modules_open": report.checked.modules_open,
            "distributions": report.checked.distributions,
            "distributions_open": report.checked.distributions_open,
        },
        "names": list(report.names),
        "python": report.python,
        "workdir": report.workdir,
        "search_path": list(report.search_path),
        "entrypoint": None
        if entrypoint is None
        else {
            "argv": list(entrypoint.argv),
            "kind": entrypoint.kind,
            "modules": list(entrypoint.modules),
            "location": location(entrypoint.location),
        },
        "unknowns": [{**unknown(one), "costs": list(one.costs)} for one in report.unknowns],
        "findings": [finding_of(finding) for finding in report.findings],
    }


def finding_of(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "when": finding.when.value,
        "message": finding.message,
        "location": location(finding.location),
        "module": finding.module,
        "image_path": finding.image_path,
        "chain": [link(one) for one in finding.chain],
        "cause": cause(finding.cause),
        "exception": finding.exception,
        "exception_text": finding.exception_text,
        "fix": finding.fix,
        "notes": list(finding.notes),
        "also_breaks": finding.also_breaks,
        "edits": [_edit(edit) for edit in finding.edits],
        "edits_unsafe": finding.remedy is not None and finding.remedy.unsafe,
        "fingerprint": finding.fingerprint,
    }


def location(place: Location | None) -> Json:
    """Path and what is known of line and column."""
    if place is None:
        return None
    numbers = {
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }
    return {"path": place.path, **{name: number for name, number in numbers.items() if number}}


def unknown(one: Unknown | Unchecked) -> dict[str, Json]:
    return {"reason": one.reason, "location": location(one.location)}


def link(one: ChainLink) -> Json:
    return {"module": one.module, "path": one.path, "line": one.line, "image_path": one.image_path}


def cause(one: Cause | None) -> Json:
    if one is None:
        return None
    return {"kind": one.kind.value, "detail": one.detail, "location": location(one.location)}


def _edit(edit: Edit) -> Json:
    return {
        "path": edit.path,
        "start_line": edit.start_line,
        "end_line": edit.end_line,
        "replacement": edit.replacement,
    }
