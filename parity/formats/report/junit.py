"""`check` as JUnit XML: a test suite an image, a test case a finding."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from parity.formats.naming import name_of
from parity.formats.presentation import Presentation
from parity.formats.safe import safe
from parity.formats.words import breaks, cause_line, chain_text, exception_line
from parity.model.finding import Finding, Severity
from parity.model.report import ImageFailure, ImageReport, Note, Report

_NO_XML = re.compile("[\ufffe\uffff]")


def render(report: Report, presentation: Presentation) -> str:
    """The document, ending in a newline. Errors fail, what is less passes and is told as output."""
    root = Element("testsuites", name="parity", tests="0", failures="0", errors="0")
    for image in report.images:
        _suite(root, image, presentation)
    for failure in report.failures:
        _failed_suite(root, failure)
    if report.notes:
        _noted_suite(root, report.notes)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, "unicode") + "\n"


def _suite(root: Element, image: ImageReport, presentation: Presentation) -> None:
    errors = sum(finding.severity is Severity.ERROR for finding in image.findings)
    suite = SubElement(
        root,
        "testsuite",
        name=_text(name_of(image)),
        tests=str(len(image.findings) or 1),
        failures=str(errors),
        errors="0",
        skipped="0",
    )
    for finding in image.findings:
        place = finding.location
        path = _text(presentation.in_repository(place.path if place is not None else image.dockerfile))
        name = _text(f"{finding.code} {finding.message}")
        case = SubElement(suite, "testcase", name=name, classname=path, file=path)
        said = _said(finding, presentation)
        if finding.severity is Severity.ERROR:
            kind = f"{finding.code} {finding.name}"
            SubElement(case, "failure", type=kind, message=_text(finding.message)).text = said
        else:
            SubElement(case, "system-out").text = f"{finding.severity.value}\n{said}"
    if not image.findings:
        SubElement(suite, "testcase", name="start-up", classname=_text(name_of(image)))


def _failed_suite(root: Element, failure: ImageFailure) -> None:
    name = _text(failure.dockerfile)
    suite = SubElement(root, "testsuite", name=name, tests="1", failures="0", errors="1", skipped="0")
    case = SubElement(suite, "testcase", name="build", classname=name)
    place = f"{failure.location}: " if failure.location else ""
    told = SubElement(case, "error", type="cannot-be-checked", message=_text(failure.message))
    told.text = "\n".join([_text(place + failure.message), *([_text(failure.hint)] if failure.hint else [])])


def _noted_suite(root: Element, notes: tuple[Note, ...]) -> None:
    number = str(len(notes))
    suite = SubElement(
        root, "testsuite", name="not looked at", tests=number, failures="0", errors="0", skipped=number
    )
    for note in notes:
        place = note.location.path if note.location is not None else "not looked at"
        case = SubElement(suite, "testcase", name=_text(note.message), classname=_text(place))
        SubElement(case, "skipped", message=_text(note.message))


def _said(finding: Finding, presentation: Presentation) -> str:
    lines = [finding.message]
    if finding.location is not None:
        text = (presentation.excerpt(finding.location) or "").strip()
        lines.append(f"{finding.location}: {text[:200]}")
    if finding.cause is not None:
        lines.append(f"cause: {cause_line(finding.cause, presentation)}")
    if len(finding.chain) > 1:
        lines.append(f"start-up reaches it through: {chain_text(finding.chain)}")
    lines += [f"note: {note}" for note in finding.notes]
    if finding.exception:
        lines.append(f"in the container: {exception_line(finding)}")
    if finding.also_breaks:
        lines.append(breaks(finding))
    if finding.fix:
        lines.append(f"fix: {finding.fix}")
    return "\n".join(_text(line) for line in lines)


def _text(text: str) -> str:
    """XML 1.0 has no control characters, no surrogates and no U+FFFE."""
    return _NO_XML.sub("\ufffd", safe(text))
