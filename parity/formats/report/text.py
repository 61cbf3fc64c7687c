"""`check` for people: each finding with its line, its cause, the chain, what Python would say, and one fix."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from parity.formats.excerpt import cells, shown
from parity.formats.presentation import Presentation
from parity.formats.safe import safe
from parity.formats.style import Style
from parity.formats.words import costs_of, counts, likely, plural, verdict_on
from parity.model.finding import Cause, CauseKind, ChainLink, Finding, Severity
from parity.model.location import Location
from parity.model.report import ImageFailure, ImageReport, Report, Verdict

COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
WIDTH = 110
"""Columns where no terminal says how many there are."""
_MOST_LINKS = 12
_MOST_IN_SHORT = 5
_MOST_STEPS = 3
_MOST_NAMES = 4
_LONGEST = 200
"""Characters of a line where it stands among words."""
_VERBS = {
    CauseKind.DOCKERIGNORE: "excludes it",
    CauseKind.REMOVED: "removes it",
    CauseKind.OTHER_STAGE: "only there",
    CauseKind.NOT_COPIED: "nearest COPY, which does not bring it",
    CauseKind.SHADOWED: "puts the other file there",
    CauseKind.CYCLE: "imports back",
    CauseKind.GIT_IGNORE: "keeps it out of git",
}


def render(report: Report, presentation: Presentation) -> str:
    """The whole report, ending in a newline."""
    parts = [_image(image, presentation) for image in report.images]
    parts += [_failure(failure, presentation.style) for failure in report.failures]
    if report.notes:
        noted = presentation.style.paint("note", "yellow")
        parts.append("\n".join([*(f"{noted} {safe(note.message)}" for note in report.notes), ""]))
    parts.append(closing(report, presentation.style))
    return "\n".join(parts) + "\n"


def _image(image: ImageReport, presentation: Presentation) -> str:
    style = presentation.style
    command = shlex.join(image.entrypoint.argv) if image.entrypoint else "no Python start command"
    where = f"(python {image.python or 'unknown'}, {image.workdir})"
    name = image.dockerfile + (f" --target {image.target}" if image.target else "")
    lines = [f"{style.paint(safe(name), 'bold')}  {safe(command)}  {style.paint(safe(where), 'dim')}"]
    lines += [style.paint(f"  {safe(line)}", "dim") for line in _known_as(image)]
    lines.append("")
    short = () if presentation.verbose else tuple(f for f in image.findings if f.severity is Severity.INFO)
    for finding in image.findings:
        if finding not in short:
            lines += [*_finding(finding, presentation), ""]
    if short:
        lines += [*_in_short(short, style), ""]
    lines += _not_checked(image, presentation)
    if image.verdict is Verdict.UNCHECKED:
        lines += [f"{style.paint('not checked', 'yellow', 'bold')} {safe(verdict_on(image))}", ""]
    elif image.verdict is Verdict.OK:
        lines += [f"{style.paint('ok', 'green')} {verdict_on(image)}", ""]
    return "\n".join(lines)


def _not_checked(image: ImageReport, presentation: Presentation) -> list[str]:
    """What each step costs, the costliest first; steps that cost nothing with `--verbose` only."""
    style = presentation.style
    costly = [one for one in image.unknowns if one.costs]
    shown_steps = costly if presentation.verbose else costly[:_MOST_STEPS]
    name = style.paint("not checked", "yellow")
    lines = [f"{name} {safe(costs_of(one))}: {safe(str(one))}" for one in shown_steps]
    if len(costly) > len(shown_steps):
        lines.append(f"{name} and {plural(len(costly) - len(shown_steps), 'step')} more (--verbose)")
    if presentation.verbose:
        free = (one for one in image.unknowns if not one.costs)
        lines += [f"{style.paint('unknown', 'dim')} {safe(str(one))}" for one in free]
    return [*lines, ""] if lines else []


def _known_as(image: ImageReport) -> Iterator[str]:
    """What starts it, and where that is a guess, the build context."""
    if image.names:
        more = f" and {len(image.names) - _MOST_NAMES} more" if len(image.names) > _MOST_NAMES else ""
        yield f"as {', '.join(image.names[:_MOST_NAMES])}{more}"
    if image.context_guessed:
        yield f"the build context {image.context} is a guess (--context names another)"


def _in_short(findings: tuple[Finding, ...], style: Style) -> Iterator[str]:
    """A line for each of what is worth knowing and nothing to fix; `--verbose` shows them whole."""
    for finding in findings[:_MOST_IN_SHORT]:
        place = f" ({finding.location})" if finding.location else ""
        head = style.paint(f"{finding.severity.value} {finding.code}", COLORS[finding.severity])
        yield f"{head} {finding.name}: {safe(finding.message + place)}"
    if len(findings) > _MOST_IN_SHORT:
        yield f"{style.paint('info', COLORS[Severity.INFO])} and {len(findings) - _MOST_IN_SHORT} more (--verbose)"


def _finding(finding: Finding, presentation: Presentation) -> Iterator[str]:
    style = presentation.style
    color = COLORS[finding.severity]
    head = style.paint(f"{finding.severity.value} {finding.code}", color, "bold")
    yield f"{head} {finding.name}{likely(finding)}: {style.paint(safe(finding.message), 'bold')}"
    here, cause = finding.location, finding.cause
    there = cause.location if cause is not None else None
    same = here is not None and there is not None and (here.path, here.line) == (there.path, there.line)
    label = label_of(cause) if cause is not None else ""
    gutter = max((len(str(place.line)) for place in (here, there) if place is not None), default=1) + 1
    if here is not None:
        yield from _excerpt("-->", here, label if same else "", color, gutter, presentation)
    if there is not None and not same:
        yield from _excerpt(":::", there, label, "cyan", gutter, presentation)
    if here is not None or there is not None:
        yield _edge(gutter, style)
    for name, text, name_color in _rows(finding):
        yield from _row(name, text, name_color, gutter, style)


def _excerpt(
    arrow: str, place: Location, label: str, color: str, gutter: int, presentation: Presentation
) -> Iterator[str]:
    """The place, its line, and the span underlined."""
    style = presentation.style
    yield f"{' ' * gutter}{style.paint(arrow, 'blue', 'bold')} {safe(str(place))}"
    text = presentation.excerpt(place)
    if text is None or not text.strip():
        if label:
            yield f"{_edge(gutter, style)} {style.paint(label, color)}"
        return
    if arrow == "-->":
        yield _edge(gutter, style)
    line = shown(text, place, (style.width or WIDTH) - gutter - 3)
    number = style.paint(f"{place.line:>{gutter}} |", "blue", "bold")
    yield f"{number} {line.text}"
    marks = style.paint("^" * line.width + (f" {label}" if label else ""), color, "bold")
    yield f"{_edge(gutter, style)} {' ' * line.start}{marks}"


def _edge(gutter: int, style: Style) -> str:
    return style.paint(f"{' ' * gutter} |", "blue", "bold")


def _rows(finding: Finding) -> Iterator[tuple[str, str, str]]:
    """What is said below the excerpts: name, text, colour of the name."""
    cause = finding.cause
    if cause is not None and cause.location is None:
        yield "cause", cause.detail, "bold"
    if len(finding.chain) > 1:
        yield "start-up reaches it through", chain_text(finding.chain), "bold"
    for note in finding.notes:
        yield "note", note, "bold"
    if finding.exception or finding.exception_text:
        yield "in the container", exception_line(finding), "bold"
    if finding.also_breaks:
        yield "also", breaks(finding), "bold"
    if finding.fix:
        yield "fix", finding.fix, "green"


def _row(name: str, text: str, color: str, gutter: int, style: Style) -> Iterator[str]:
    """`= name: text`, broken between words where there is a width to keep to."""
    start = f"{' ' * gutter} {style.paint('=', 'blue', 'bold')} {style.paint(f'{name}:', color)}"
    words = safe(text)
    room = (style.width or WIDTH) - gutter - 5 - len(name)
    if cells(words) <= room or not (style.width or name.startswith("start-up")):
        yield f"{start} {words}"
        return
    indent = " " * (gutter + 5)
    yield start
    line = ""
    for piece in words.replace("→ ", "→\0").split(" "):
        piece = piece.replace("→\0", "→ ")
        if line and cells(line) + cells(piece) + 1 > (style.width or WIDTH) - len(indent):
            yield indent + line
            line = piece
        else:
            line = f"{line} {piece}" if line else piece
    yield indent + line


def chain_text(chain: tuple[ChainLink, ...]) -> str:
    """`a.py:1 → b.py:2`, the middle of a very long one left out."""
    links = [f"{link.path or link.image_path}:{link.line}" for link in chain]
    if len(links) > _MOST_LINKS:
        links = [*links[:5], f"… {len(links) - 10} more …", *links[-5:]]
    return " → ".join(links)


def exception_line(finding: Finding) -> str:
    """What Python, or Docker, prints last: `ModuleNotFoundError: No module named 'x'`."""
    return ": ".join(part for part in (finding.exception, finding.exception_text) if part)


def breaks(finding: Finding) -> str:
    """`breaks 3 more imports`."""
    return f"breaks {plural(finding.also_breaks, 'more import')}"


def cause_line(cause: Cause, presentation: Presentation) -> str:
    """The cause on one line: its place, its text, and what that does."""
    if cause.location is None:
        return cause.detail
    text = (presentation.excerpt(cause.location) or cause.detail).strip()
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    label = label_of(cause)
    return f"{cause.location}: {text}" + (f" ({label})" if label else "")


def label_of(cause: Cause) -> str:
    """What the line that is to blame does, in a few words."""
    return cause.detail if cause.kind is CauseKind.NOT_ON_SEARCH_PATH else _VERBS.get(cause.kind, "")


def _failure(failure: ImageFailure, style: Style) -> str:
    place = f"{failure.location}: " if failure.location else ""
    lines = [
        style.paint(safe(failure.dockerfile), "bold"),
        "",
        f"{style.paint('cannot be checked', 'red', 'bold')}: {safe(place + failure.message)}",
    ]
    if failure.hint:
        lines.append(f"  {safe(failure.hint)}")
    return "\n".join([*lines, ""])


def closing(report: Report, style: Style) -> str:
    """Counts and time, on one line."""
    errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
    color = "red" if errors or report.failures else "yellow" if warnings else "green"
    images = len(report.images) + len(report.failures)
    modules = report.modules
    what = style.paint(counts(report), color, "bold")
    silenced = sum(image.silenced for image in report.images)
    quiet = f", {silenced} silenced" if silenced else ""
    told = f"{plural(images, 'image')}, {plural(modules, 'module')}"
    return f"{what}{quiet} in {told} in {report.seconds:.2f} s"
