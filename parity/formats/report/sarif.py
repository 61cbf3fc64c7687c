"""`check` as SARIF 2.1.0 (OASIS), as GitHub code scanning and other viewers read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import quote

from parity import __version__
from parity.formats.naming import name_of, names_of
from parity.formats.presentation import Presentation
from parity.formats.report.json import Json
from parity.formats.safe import json_text
from parity.formats.together import Told, findings_once
from parity.formats.words import costs_of, exception_line, label_of, likely
from parity.model.finding import ChainLink, Edit, Finding, Severity
from parity.model.location import Location
from parity.model.octets import octets
from parity.model.report import Report, RuleInfo

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(report: Report, presentation: Presentation) -> str:
    """One log with one run, ending in a newline. Paths are relative to the repository's root."""
    writer = _Writer(
        presentation.in_repository, {rule.code: number for number, rule in enumerate(report.rules)}
    )
    seen: Counter[str] = Counter()
    results: list[Json] = []
    for told in findings_once(report.images):
        seen[told.finding.fingerprint] += 1
        where = names_of(told.images, report.images)
        results.append(writer.result(told, where, seen[told.finding.fingerprint]))
    log: Json = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "parity",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "rules": [_rule(rule) for rule in report.rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
                "invocations": [
                    {
                        "executionSuccessful": not report.failures,
                        "toolExecutionNotifications": list(writer.notifications(report)),
                    }
                ],
                "results": results,
            }
        ],
    }
    return json_text(log)


def _rule(rule: RuleInfo) -> Json:
    page = rule.documentation or rule.name
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary or rule.name},
        "fullDescription": {"text": rule.summary or rule.name},
        "help": {"text": page, "markdown": f"# {rule.code} {rule.name}\n\n{page}\n"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["docker", "python", "imports"], "precision": "very-high"},
    }


class _Writer:
    """Knows where PATH lies in the repository, and the numbers of the rules."""

    def __init__(self, in_repository: Callable[[str], str], rules: dict[str, int]) -> None:
        self.in_repository = in_repository
        self.rules = rules

    def result(self, told: Told, where: str, occurrence: int) -> Json:
        """`where`: the images that have it; `occurrence`: it is the so many-th with this fingerprint."""
        finding = told.finding
        place = finding.location or Location(told.images[0].dockerfile)
        made: dict[str, Json] = {"ruleId": finding.code}
        if finding.code in self.rules:
            made["ruleIndex"] = self.rules[finding.code]
        made["level"] = _LEVELS[finding.severity]
        made["message"] = {"text": _message(finding, where)}
        made["locations"] = [{"physicalLocation": self.physical(place)}]
        # GitHub: the only one that it compares, in this form.
        made["partialFingerprints"] = {"primaryLocationLineHash": f"{finding.fingerprint}:{occurrence}"}
        cause = finding.cause
        if cause is not None and cause.location is not None:
            text = f"{cause.detail}: {label_of(cause)}" if label_of(cause) else cause.detail
            made["relatedLocations"] = [
                {"id": 1, "physicalLocation": self.physical(cause.location), "message": {"text": text}}
            ]
        if finding.chain:
            made["codeFlows"] = [self.flow(finding)]
        if finding.edits:
            made["fixes"] = [self.fix(finding)]
        made["properties"] = {
            "images": [name_of(image) for image in told.images],
            "confidence": finding.confidence.value,
            "module": finding.module,
            "imagePath": finding.image_path,
            "cause": cause.kind.value if cause is not None else None,
            "exception": finding.exception,
        }
        return made

    def flow(self, finding: Finding) -> Json:
        """The chain of imports, from the start to the one that fails."""
        steps: list[Json] = []
        for number, link in enumerate(finding.chain):
            last = number == len(finding.chain) - 1
            text = exception_line(finding) if last and finding.exception else f"{link.module} imports"
            place = (
                finding.location if last and _same(finding.location, link) else Location(link.path, link.line)
            )
            if place is None or not place.path:
                place = Location(link.image_path, link.line)
            step: Json = {"physicalLocation": self.physical(place), "message": {"text": text}}
            steps.append({"location": step, "importance": "essential" if last else "important"})
        return {"message": {"text": "imports of the start-up"}, "threadFlows": [{"locations": steps}]}

    def fix(self, finding: Finding) -> Json:
        by_path: dict[str, list[Json]] = {}
        for edit in finding.edits:
            by_path.setdefault(edit.path, []).append(_replacement(edit))
        changes: list[Json] = [
            {"artifactLocation": self.artifact(path), "replacements": replacements}
            for path, replacements in by_path.items()
        ]
        remedy = finding.remedy
        unsafe = " (unsafe: it changes more than what is missing)" if remedy and remedy.unsafe else ""
        text = f"{remedy.text if remedy and remedy.text else finding.fix or 'fix it'}{unsafe}"
        return {"description": {"text": text}, "artifactChanges": changes}

    def notifications(self, report: Report) -> Iterator[Json]:
        for failure in report.failures:
            told: dict[str, Json] = {"level": "error", "message": {"text": failure.message}}
            place = failure.location or Location(failure.dockerfile)
            told["locations"] = [{"physicalLocation": self.physical(place)}]
            yield told
        for note in report.notes:
            told = {"level": "warning", "message": {"text": note.message}}
            if note.location is not None:
                told["locations"] = [{"physicalLocation": self.physical(note.location)}]
            yield told
        for image in report.images:
            for unknown in image.unknowns:
                cost = costs_of(unknown)
                message = (
                    f"not checked {cost}: {unknown.reason}"
                    if cost
                    else f"{unknown.reason}; nothing depends on it"
                )
                told = {"level": "warning" if unknown.own else "note", "message": {"text": message}}
                place = unknown.location or Location(image.dockerfile)
                told["locations"] = [{"physicalLocation": self.physical(place)}]
                yield told

    def physical(self, place: Location) -> Json:
        made: dict[str, Json] = {"artifactLocation": self.artifact(place.path)}
        if place.line:
            region: dict[str, Json] = {"startLine": place.line}
            if place.column:
                region["startColumn"] = place.column
            if place.end_line:
                region["endLine"] = max(place.end_line, place.line)
            if place.end_column and place.column:
                region["endColumn"] = place.end_column
            made["region"] = region
        return made

    def artifact(self, path: str) -> Json:
        if path.startswith("/"):  # a path of the image
            return {"uri": "file://" + quote(octets(path))}
        return {"uri": quote(octets(self.in_repository(path))), "uriBaseId": "%SRCROOT%"}


def _message(finding: Finding, where: str) -> str:
    text = f"{finding.message}{likely(finding)} ({where})."
    if finding.exception:
        text += f" In the container: {exception_line(finding)}."
    if finding.fix:
        text += f" Fix: {finding.fix}"
    text = _escaped(text)
    if finding.cause is not None and finding.cause.location is not None:
        text += f" [Cause](1): {_escaped(str(finding.cause.location))}"
    return text


def _escaped(text: str) -> str:
    """SARIF 3.11.6: brackets of a message are links."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _same(place: Location | None, link: ChainLink) -> bool:
    return place is not None and (place.path, place.line) == (link.path, link.line)


def _replacement(edit: Edit) -> Json:
    """Whole lines: from the start of the first to the start of the line after the last."""
    return {
        "deletedRegion": {
            "startLine": edit.start_line,
            "startColumn": 1,
            "endLine": edit.end_line + 1,
            "endColumn": 1,
        },
        "insertedContent": {"text": edit.replacement},
    }
