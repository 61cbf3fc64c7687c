"""`check` for people: each finding with its line, its cause, the chain, what Python would say, and one fix."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from parity.formats.safe import safe
from parity.formats.style import Style
from parity.model.finding import Cause, CauseKind, Finding, Severity
from parity.model.location import Location
from parity.model.report import ImageFailure, ImageReport, Report

Excerpt = Callable[[Location], str | None]
"""The text of a location's line, None where it cannot be had."""

_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_VERBS = {
    CauseKind.DOCKERIGNORE: "excludes it",
    CauseKind.REMOVED: "removes it",
    CauseKind.OTHER_STAGE: "only there",
    CauseKind.NOT_COPIED: "nearest COPY, which does not bring it",
    CauseKind.NOT_ON_SEARCH_PATH: "puts it there",
    CauseKind.SHADOWED: "puts the other file there",
    CauseKind.CYCLE: "imports back",
}


def render(report: Report, excerpt: Excerpt, style: Style, *, verbose: bool = False) -> str:
    """The whole report, ending in a newline. `verbose` also shows notes of info findings and all unknowns."""
    parts = [_image(image, excerpt, style, verbose) for image in report.images]
    parts += [_failure(failure, style) for failure in report.failures]
    parts.append(_closing(report, style))
    return "\n".join(parts) + "\n"


def _image(image: ImageReport, excerpt: Excerpt, style: Style, verbose: bool) -> str:
    command = shlex.join(image.entrypoint.argv) if image.entrypoint else "no Python start command"
    where = f"(python {image.python or 'unknown'}, {image.workdir})"
    name = image.dockerfile + (f" --target {image.target}" if image.target else "")
    lines = [f"{style.paint(safe(name), 'bold')}  {safe(command)}  {style.paint(safe(where), 'dim')}", ""]
    for finding in image.findings:
        lines += _finding(finding, excerpt, style)
        lines.append("")
    shown = image.unknowns if verbose else image.unknowns[:3]
    for unknown in shown:
        lines.append(f"  {style.paint('unknown', 'dim')} {safe(str(unknown))}")
    if len(image.unknowns) > len(shown):
        lines.append(
            f"  {style.paint('unknown', 'dim')} and {len(image.unknowns) - len(shown)} more (--verbose)"
        )
    if image.unknowns:
        lines.append("")
    if not image.findings and image.entrypoint is None:
        lines += ["  nothing was checked: the start command runs no Python (--entrypoint names another)", ""]
    if not image.findings and image.entrypoint is not None:
        lines += [
            f"  {style.paint('ok', 'green')} {image.modules_checked} modules reached, all imports found",
            "",
        ]
    return "\n".join(lines)


def _finding(finding: Finding, excerpt: Excerpt, style: Style) -> list[str]:
    color = _COLORS[finding.severity]
    likely = " (likely)" if finding.confidence.value == "likely" else ""
    head = style.paint(f"{finding.severity.value} {finding.code}", color, "bold")
    lines = [f"  {head} {finding.name}{likely}: {style.paint(safe(finding.message), 'bold')}"]
    rows: list[tuple[str, str]] = []
    cause = finding.cause
    if finding.location is not None:
        rows.append((str(finding.location), (excerpt(finding.location) or "").strip()))
    if cause is not None and cause.location is not None and str(cause.location) != str(finding.location):
        rows.append(_cause_row(cause, cause.location, excerpt))
    width = max((len(place) for place, _ in rows), default=0)
    for place, text in rows:
        lines.append(f"    {safe(place).ljust(width)}   {_cut(safe(text), style, width + 7)}".rstrip())
    if cause is not None and cause.location is None:
        lines.append(f"    {safe(cause.detail)}")
    if len(finding.chain) > 1:
        lines.append(f"    {style.paint('start-up reaches it through', 'dim')}")
        lines += _chain(finding, style)
    for note in finding.notes:
        lines.append(f"    {style.paint('note:', 'dim')} {safe(note)}")
    if finding.exception:
        said = (
            f"{finding.exception}: {finding.exception_text}" if finding.exception_text else finding.exception
        )
        lines.append(f"    {style.paint('in the container:', 'dim')} {safe(said)}")
    if finding.also_breaks:
        more = "1 more import" if finding.also_breaks == 1 else f"{finding.also_breaks} more imports"
        lines.append(f"    {style.paint(f'breaks {more}', 'dim')}")
    if finding.fix:
        lines.append(f"    {style.paint('fix:', 'green')} {safe(finding.fix)}")
    return lines


def _cause_row(cause: Cause, place: Location, excerpt: Excerpt) -> tuple[str, str]:
    verb = _VERBS.get(cause.kind, "")
    text = (excerpt(place) or cause.detail).strip()
    return str(place), f"{text}   <- {verb}" if verb else text


def _chain(finding: Finding, style: Style) -> list[str]:
    links = [safe(f"{link.path or link.image_path}:{link.line}") for link in finding.chain]
    if len(links) > 12:
        links = [*links[:5], f"… {len(links) - 10} more …", *links[-5:]]
    lines: list[str] = []
    line = "      "
    limit = style.width or 110
    for number, link in enumerate(links):
        piece = link if number == 0 else f" → {link}"
        if len(line) + len(piece) > limit and line.strip():
            lines.append(line)
            line = "      " + piece.lstrip()
        else:
            line += piece
    return [*lines, line]


def _cut(text: str, style: Style, used: int) -> str:
    room = (style.width or 120) - used
    return text if len(text) <= max(room, 40) else text[: max(room, 40) - 1] + "…"


def _failure(failure: ImageFailure, style: Style) -> str:
    place = f"{failure.location}: " if failure.location else ""
    lines = [
        style.paint(safe(failure.dockerfile), "bold"),
        "",
        f"  {style.paint('cannot be checked', 'red', 'bold')}: {safe(place + failure.message)}",
    ]
    if failure.hint:
        lines.append(f"    {safe(failure.hint)}")
    return "\n".join([*lines, ""])


def _closing(report: Report, style: Style) -> str:
    errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
    infos = report.count(Severity.INFO)
    images = len(report.images) + len(report.failures)
    modules = sum(image.modules_checked for image in report.images)
    counts = ", ".join(
        _plural(number, name)
        for number, name in ((errors, "error"), (warnings, "warning"), (infos, "info"))
        if number
    )
    color = "red" if errors or report.failures else "yellow" if warnings else "green"
    what = style.paint(counts or "nothing found", color, "bold")
    return f"{what} in {_plural(images, 'image')}, {_plural(modules, 'module')} in {report.seconds:.2f} s"


def _plural(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"
