"""`verify` for people: what is different, what the start-up would fail on, and one line that says it all."""

from __future__ import annotations

from collections.abc import Iterator

from parity.formats.finding import in_full
from parity.formats.presentation import Presentation
from parity.formats.safe import safe
from parity.formats.words import plural, verdict_on
from parity.model.report import Verdict
from parity.model.verification import (
    ConfigDifference,
    Differs,
    FileDifference,
    LayerOf,
    PackageDifference,
    Verification,
)

MOST_SHOWN = 20
"""Paths of one kind; all of them with `--verbose`."""
_LONGEST = 70
_COLORS = {Differs.MISSING: "red", Differs.STALE: "red", Differs.UNEXPECTED: "yellow"}


def render(answer: Verification, presentation: Presentation) -> str:
    """The whole answer, ending in a newline."""
    style = presentation.style
    names = ", ".join(answer.saved_as)
    known_as = f"  {names}" if names and names != answer.image else ""
    digest = f"({answer.digest[:19]}, {plural(answer.layers, 'layer')})"
    head = f"{style.paint(safe(answer.image), 'bold')}{safe(known_as)}  {style.paint(digest, 'dim')}"
    head += f"\n  built from {safe(answer.start.dockerfile)}" + (
        f" --target {safe(answer.start.target)}" if answer.start.target else ""
    )
    blocks = [head]
    for how in Differs:
        blocks.append("\n".join(_files(answer.of(how), presentation)))
    blocks.append("\n".join(_rows(list(map(_config, answer.configuration)), "configuration", presentation)))
    blocks.append("\n".join(_rows(list(map(_package, answer.packages)), "package", presentation)))
    libraries = [f"{one.name} is not in the image, and {one.needed_by} needs it" for one in answer.libraries]
    blocks.append("\n".join(_rows(libraries, "library", presentation)))
    findings = [one for one in answer.start.findings if one.severity.rank <= presentation.least.rank]
    blocks += ["\n".join(in_full(finding, presentation)) for finding in findings]
    blocks.append("\n".join(_closing(answer, presentation)))
    return "\n\n".join(filter(None, blocks)) + "\n"


def _files(differences: tuple[FileDifference, ...], presentation: Presentation) -> Iterator[str]:
    paint = presentation.style.paint
    shown = differences if presentation.verbose else differences[:MOST_SHOWN]
    for one in shown:
        label = paint(one.how.value, _COLORS[one.how], "bold")
        path = one.path + ("/" if one.type == "dir" else "")
        detail = f": {one.detail}" if one.detail else ""
        yield f"{label} {safe(path)}{safe(detail)}"
        yield from (f"  {paint(safe(line), 'dim')}" for line in _reasons(one))
    if len(shown) < len(differences):
        yield f"and {len(differences) - len(shown)} more {differences[0].how.value} (--verbose)"


def _reasons(one: FileDifference) -> Iterator[str]:
    if one.instruction is not None and one.how is not Differs.UNEXPECTED:
        source = f" {one.source}" if one.source else ""
        verb = "copies" if one.source else "makes it"
        yield f"{one.instruction} {verb}{source}"
    if one.layer is not None:
        yield f"{_verb(one)} layer {one.layer.number}{_made_by(one.layer)}"
    if one.cause is not None:
        place = f"{one.cause.location}: " if one.cause.location else ""
        yield f"not now: {place}{one.cause.detail}"


def _verb(one: FileDifference) -> str:
    return "taken away by" if one.how is Differs.MISSING else "as it is in"


def _made_by(layer: LayerOf) -> str:
    text = layer.made_by if len(layer.made_by) <= _LONGEST else f"{layer.made_by[:_LONGEST]}…"
    return f": {text}" if text else ""


def _config(one: ConfigDifference) -> str:
    place = f" ({one.location})" if one.location else ""
    built = "not set" if one.built is None else one.built
    planned = "not set" if one.planned is None else one.planned
    return f"{one.name} is {built} in the image, and {planned} now{place}"


def _package(one: PackageDifference) -> str:
    place = f" ({one.location})" if one.location else ""
    built = "not installed" if one.built is None else one.built
    return f"{one.name} is {built} in the image, and {one.planned} now{place}"


def _rows(rows: list[str], label: str, presentation: Presentation) -> Iterator[str]:
    painted = presentation.style.paint(label, "yellow", "bold")
    shown = rows if presentation.verbose else rows[:MOST_SHOWN]
    yield from (f"{painted} {safe(row)}" for row in shown)
    if len(shown) < len(rows):
        yield f"and {len(rows) - len(shown)} more (--verbose)"


def _closing(answer: Verification, presentation: Presentation) -> Iterator[str]:
    paint = presentation.style.paint
    if answer.left_out:
        told = f"{plural(answer.left_out, 'path')} of the checkout"
        yield f"{paint('note', 'dim')} {told} {_are(answer.left_out)} not compared: git does not have them"
    if presentation.verbose or not answer.compared:
        yield from (f"{paint('note', 'dim')} not compared: {safe(str(one))}" for one in answer.unknowns)
    verdict = answer.start.verdict
    if verdict is Verdict.FAILS:
        start = paint("it would not start", "red", "bold")
    elif verdict is Verdict.OK and answer.libraries:
        start = f"{paint('it may not start', 'yellow', 'bold')}: {verdict_on(answer.start)}, and not each can be loaded"
    elif verdict is Verdict.OK:
        start = f"{paint('ok', 'green')} {verdict_on(answer.start)}"
    else:
        start = f"{paint('not checked', 'yellow', 'bold')}: {safe(verdict_on(answer.start))}"
    yield start
    counts = [f"{len(found)} {how.value}" for how in Differs if (found := answer.of(how))]
    counts += [plural(len(answer.configuration), "setting") + " changed"] if answer.configuration else []
    counts += [plural(len(answer.packages), "package") + " changed"] if answer.packages else []
    if answer.is_same and not answer.compared:
        yield paint("no file was compared", "yellow", "bold")
        return
    color = "green" if answer.is_same else "red"
    same = "as the sources say" if answer.is_same else ", ".join(counts)
    yield f"{paint(same, color, 'bold')}: {plural(answer.compared, 'file')} compared"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
