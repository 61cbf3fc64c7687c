"""`check` in Markdown, for the summary of a workflow or a comment: a table, then each finding with its chain."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from parity.formats.mermaid import label
from parity.formats.naming import name_of, names_of
from parity.formats.presentation import Presentation
from parity.formats.safe import safe
from parity.formats.style import PLAIN
from parity.formats.together import findings_once
from parity.formats.words import breaks, cause_line, closing, exception_line, likely, verdict_on
from parity.model.finding import Finding, Severity
from parity.model.report import ImageReport, Report, Verdict

_SIGNS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.INFO: "ℹ️"}
_MARKUP = re.compile(r"([\\`*_{}\[\]#|<>~$&@:])")
MOST_FINDINGS = 50
"""Findings that are told at length; GitHub shows 1 MB."""
MOST_LINKS = 30


def render(report: Report, presentation: Presentation) -> str:
    """The whole report, ending in a newline."""
    lines = ["## parity", "", escaped(closing(report, PLAIN, presentation.of_infos)), ""]
    if report.images:
        lines += [
            "| image | start command | Python | errors | warnings | verdict |",
            "| --- | --- | --- | --: | --: | --- |",
        ]
        lines += [_row(image) for image in report.images] + [""]
    for failure in report.failures:
        place = f"{failure.location}: " if failure.location else ""
        lines.append(f"- ❌ {code(failure.dockerfile)} cannot be checked: {escaped(place + failure.message)}")
    lines += [f"- not looked at: {escaped(note.message)}" for note in report.notes]
    if report.failures or report.notes:
        lines.append("")
    least = presentation.least.rank
    findings = [told for told in findings_once(report.images) if told.finding.severity.rank <= least]
    for told in findings[:MOST_FINDINGS]:
        lines += [*_finding(told.finding, names_of(told.images, report.images), presentation), ""]
    if findings[MOST_FINDINGS:]:
        lines += [f"… and {len(findings) - MOST_FINDINGS} more", ""]
    return "\n".join(lines)


def escaped(text: str) -> str:
    """The text as it stands, on one line, nothing of it read as Markdown or HTML."""
    return _MARKUP.sub(lambda found: f"&#{ord(found[1])};", safe(text))


def code(text: str) -> str:
    """The text as code; a longer fence where it has backticks itself."""
    shown = safe(text)
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest or not shown.strip() else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def cell(text: str) -> str:
    """The text as code in a table."""
    return code(text).replace("|", "\\|")


def _row(image: ImageReport) -> str:
    command = cell(shlex.join(image.entrypoint.argv)) if image.entrypoint else "no Python start command"
    counts = [
        str(sum(finding.severity is one for finding in image.findings))
        for one in (Severity.ERROR, Severity.WARNING)
    ]
    verdict = (
        "not checked: " + verdict_on(image) if image.verdict is Verdict.UNCHECKED else image.verdict.value
    )
    cells = (cell(name_of(image)), command, image.python or "unknown", *counts, cell(verdict))
    return f"| {' | '.join(cells)} |"


def _finding(finding: Finding, where: str, presentation: Presentation) -> Iterator[str]:
    yield (
        f"### {_SIGNS[finding.severity]} {finding.code} {finding.name}: {escaped(finding.message)} "
        f"({code(where)}){likely(finding)}"
    )
    yield ""
    if finding.location is not None:
        text = (presentation.excerpt(finding.location) or "").strip()
        shown = f": {code(text[:200])}" if text else ""
        yield f"- {code(str(finding.location))}{shown}"
    if finding.cause is not None:
        yield f"- cause: {code(cause_line(finding.cause, presentation))}"
    if finding.exception or finding.exception_text:
        yield f"- in the container: {code(exception_line(finding))}"
    for note in finding.notes:
        yield f"- {escaped(note)}"
    if finding.also_breaks:
        yield f"- {breaks(finding)}"
    if finding.fix:
        yield f"- **fix:** {code(finding.fix)}"
    if len(finding.chain) > 1:
        yield from ("", "```mermaid", *chain_graph(finding), "```")


def chain_graph(finding: Finding) -> Iterator[str]:
    """The chain of imports as a Mermaid flowchart, the failing import at its end."""
    links = finding.chain
    yield "flowchart TD"
    shown = links if len(links) <= MOST_LINKS else (*links[: MOST_LINKS // 2], *links[-MOST_LINKS // 2 :])
    for number, link in enumerate(shown):
        place = f"{link.path or link.image_path}:{link.line}"
        yield f"  n{number}[{label(link.module, place)}]"
        if number:
            yield f"  n{number - 1} --> n{number}"
    goal = finding.module or finding.message
    yield f"  gap[{label(goal, finding.exception or finding.name)}]"
    yield f"  n{len(shown) - 1} -. fails .-> gap"
    yield "  style gap stroke:#d1242f,stroke-width:2px"
