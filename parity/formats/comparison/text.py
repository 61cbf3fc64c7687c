"""`check --compare A B` in plain words: who starts, what fails in one alone, then what differs and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parity.formats.presentation import Presentation
from parity.formats.safe import safe
from parity.formats.style import Style
from parity.formats.words import cause_line
from parity.model.comparison import Aspect, Comparison, Difference, Fact
from parity.model.finding import CauseKind, Finding
from parity.model.report import Verdict

MOST_SHOWN = 20
"""Differences of one aspect that are shown without --verbose."""
LETTERS = ("A", "B")
VERDICTS = {Verdict.OK: "starts", Verdict.FAILS: "fails", Verdict.UNCHECKED: "is not checked"}
COLORS = {Verdict.OK: "green", Verdict.FAILS: "red", Verdict.UNCHECKED: "yellow"}
TITLES = {
    Aspect.SETUP: "set-up",
    Aspect.ENVIRONMENT: "environment",
    Aspect.PACKAGES: "packages",
    Aspect.FILES: "files that the start-up reaches",
}


def render(comparison: Comparison, presentation: Presentation) -> str:
    """A paragraph for each aspect in which the images differ; it ends in a newline."""
    style = presentation.style
    paragraphs = ["\n".join(_images(comparison, style))]
    for letter, failures in zip(LETTERS, comparison.failures, strict=True):
        if failures:
            paragraphs.append("\n".join(_only(letter, failures, presentation)))
    for aspect in Aspect:
        differences = [one for one in comparison.differences if one.aspect is aspect]
        if differences:
            paragraphs.append("\n".join(_aspect(aspect, differences, presentation)))
    for letter, why in zip(LETTERS, comparison.open_packages, strict=True):
        if why:
            paragraphs.append(
                f"{style.paint('note', 'yellow')} {letter} may have further packages: {safe(why)}"
            )
    if not comparison.differences and not any(comparison.failures):
        paragraphs.append("nothing differs")
    return "\n\n".join(paragraphs) + "\n"


def _images(comparison: Comparison, style: Style) -> Iterator[str]:
    for letter, name, report in zip(LETTERS, comparison.names, comparison.reports, strict=True):
        verdict = style.paint(VERDICTS[report.verdict], COLORS[report.verdict])
        yield f"{style.paint(letter, 'bold')}  {safe(name)} {verdict}"


def _only(letter: str, failures: Sequence[Finding], presentation: Presentation) -> Iterator[str]:
    yield presentation.style.paint(f"fails in {letter} alone", "bold")
    for one in failures:
        place = f" ({one.location})" if one.location else ""
        yield f"  {one.code} {safe(one.message + place)}"
        if one.cause is not None:
            yield f"    {safe(cause_line(one.cause, presentation))}"


def _aspect(aspect: Aspect, differences: Sequence[Difference], presentation: Presentation) -> Iterator[str]:
    paint = presentation.style.paint
    yield paint(TITLES[aspect], "bold")
    shown = differences if presentation.verbose else differences[:MOST_SHOWN]
    for one in shown:
        yield f"  {safe(one.name)}"
        for letter, fact in zip(LETTERS, (one.first, one.second), strict=True):
            yield f"    {paint(letter, 'dim')}  {safe(_fact(fact, presentation))}"
    left = len(differences) - len(shown)
    if left:
        yield f"  and {left} more (--verbose)"


def _fact(fact: Fact, presentation: Presentation) -> str:
    if fact.cause is not None and fact.cause.kind is not CauseKind.NOT_INSTALLED:
        return f"not there: {cause_line(fact.cause, presentation)}"
    location = fact.location if fact.cause is None else fact.cause.location
    place = f" ({location})" if location is not None else ""
    if fact.cause is not None:  # the line of an installer says less than what it leaves out
        return f"not there: {fact.cause.detail}{place}"
    return f"{fact.value}{place}" if fact.value else "not there"
