"""One finding for people: its line, its cause, the chain, what Python would say, and one fix."""

from __future__ import annotations

from collections.abc import Iterator

from parity.formats.excerpt import cells, shown
from parity.formats.presentation import Presentation
from parity.formats.safe import safe
from parity.formats.style import Style
from parity.formats.words import breaks, chain_text, exception_line, label_of, likely
from parity.model.finding import Finding, Severity
from parity.model.location import Location

COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
WIDTH = 110
"""Columns where no terminal says how many there are."""


def in_full(finding: Finding, presentation: Presentation, where: tuple[str, str] = ("", "")) -> Iterator[str]:
    """The lines of one finding. `where`: what `place_of` says of the images that have it."""
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
    for name, text, name_color in _rows(finding, where):
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


def _rows(finding: Finding, where: tuple[str, str]) -> Iterator[tuple[str, str, str]]:
    """What is said below the excerpts: name, text, colour of the name."""
    if where[1]:
        yield *where, "bold"
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
