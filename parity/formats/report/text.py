"""`check` for people: what is wrong, each finding once, then a line each for what was not checked and for the rest."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence

from parity.formats.excerpt import cells
from parity.formats.finding import WIDTH, in_full
from parity.formats.naming import MOST_NAMED, name_of, place_of, short_names
from parity.formats.presentation import Presentation
from parity.formats.safe import safe
from parity.formats.style import Style
from parity.formats.together import findings_once, steps_once
from parity.formats.words import closing, costs_of, plural, reason_of, verdict_on
from parity.model.report import ImageFailure, ImageReport, Report, Verdict

_MOST_REASONS = 3


def render(report: Report, presentation: Presentation) -> str:
    """The whole report, ending in a newline.

    One image is shown with its command; several are called by their names, unless each is asked for.
    """
    style = presentation.style
    apart = presentation.verbose or len(report.images) == 1
    blocks = [block for image in report.images for block in _image(image, presentation)] if apart else []
    if not apart:
        blocks += _together(report.images, presentation)
    blocks += ["\n".join(_failure(failure, style)) for failure in report.failures]
    last = [] if apart else [*_not_checked(report.images, presentation), *_states(report.images, style)]
    last += [f"{style.paint('note', 'yellow')} {safe(note.message)}" for note in report.notes]
    last.append(closing(report, style, presentation.of_infos))
    return "\n\n".join(filter(None, [*blocks, "\n".join(last)])) + "\n"


def _image(image: ImageReport, presentation: Presentation) -> Iterator[str]:
    """One image: what it is, its findings, and what is to be said of it as a whole."""
    style = presentation.style
    command = shlex.join(image.entrypoint.argv) if image.entrypoint else "no Python start command"
    where = f"(python {image.python or 'unknown'}, {image.workdir})"
    name = image.dockerfile + (f" --target {image.target}" if image.target else "")
    head = [f"{style.paint(safe(name), 'bold')}  {safe(command)}  {style.paint(safe(where), 'dim')}"]
    head += [style.paint(f"  {safe(line)}", "dim") for line in _known_as(image)]
    findings = [f for f in image.findings if f.severity.rank <= presentation.least.rank]
    state = list(_not_checked([image], presentation))
    if image.verdict is Verdict.UNCHECKED:
        state.append(f"{style.paint('not checked', 'yellow', 'bold')}: {safe(reason_of(image))}")
    elif image.verdict is Verdict.OK:
        state.append(f"{style.paint('ok', 'green')} {verdict_on(image)}")
    if not findings:
        yield "\n".join([*head, *state])
        return
    yield "\n".join(head)
    yield from ("\n".join(in_full(finding, presentation)) for finding in findings)
    yield "\n".join(state)


def _known_as(image: ImageReport) -> Iterator[str]:
    """What starts it, and where that is a guess, the build context."""
    if image.names:
        more = f" and {len(image.names) - MOST_NAMED} more" if len(image.names) > MOST_NAMED else ""
        yield f"as {', '.join(image.names[:MOST_NAMED])}{more}"
    if image.context_guessed:
        yield f"the build context {image.context} is a guess (name another with --context)"


def _together(images: Sequence[ImageReport], presentation: Presentation) -> Iterator[str]:
    """The findings of all images, each once, with the images that have it."""
    for told in findings_once(images):
        if told.finding.severity.rank > presentation.least.rank:
            continue
        yield "\n".join(in_full(told.finding, presentation, place_of(told.images, images)))


def _not_checked(images: Sequence[ImageReport], presentation: Presentation) -> Iterator[str]:
    """What the costliest step costs; all of them with `--verbose`, those that cost nothing behind them."""
    steps = steps_once(images)
    paint = presentation.style.paint
    for one in steps if presentation.verbose else steps[:1]:
        left = 0 if presentation.verbose else len(steps) - 1
        more = f"; and {plural(left, 'step')} more (--verbose)" if left else ""
        yield f"{paint('not checked', 'yellow')} {safe(costs_of(one))}: {safe(str(one))}{more}"
    if presentation.verbose:
        free = (one for image in images for one in image.unknowns if not one.costs)
        yield from (f"{paint('note', 'dim')} {safe(str(one))}; nothing depends on it" for one in free)


def _states(images: Sequence[ImageReport], style: Style) -> Iterator[str]:
    """What several images come to, a line for each state, the images by their names."""
    unchecked = [image for image in images if image.verdict is Verdict.UNCHECKED]
    warning = "not checked", "yellow", "bold"
    for reason, group in _alike(unchecked, lambda image: verdict_on(image) if image.entrypoint else ""):
        if reason:
            yield _names(warning, reason, group, images, style)
    strange = [image for image in unchecked if image.entrypoint is None and not image.is_without_python]
    for image in strange[:_MOST_REASONS]:
        yield f"{style.paint(*warning)} {safe(name_of(image))}: {safe(reason_of(image))}"
    if strange[_MOST_REASONS:]:
        reason = "no Python program is recognised in their start commands"
        yield _names(warning, reason, strange[_MOST_REASONS:], images, style)
    guessed = [image for image in images if image.context_guessed and image.entrypoint is not None]
    if guessed:
        reason = "the build context is a guess (name another with --context)"
        yield _names(("note", "yellow"), reason, guessed, images, style)
    for reason, group in _alike([one for one in images if one.verdict is Verdict.OK], _found):
        yield _names(("ok", "green"), reason, group, images, style)
    bare = [image for image in images if image.is_without_python]
    if bare:
        yield _names(("no Python start command", "dim"), "", bare, images, style)


def _found(image: ImageReport) -> str:
    if image.silenced:
        return "with findings silenced"
    return "some packages not checked" if image.checked.distributions_open else "all imports found"


def _alike(
    images: Iterable[ImageReport], said: Callable[[ImageReport], str]
) -> Iterable[tuple[str, list[ImageReport]]]:
    """The images of which the same is said."""
    groups: dict[str, list[ImageReport]] = {}
    for image in images:
        groups.setdefault(said(image), []).append(image)
    return groups.items()


def _names(
    head: tuple[str, ...],
    reason: str,
    group: Sequence[ImageReport],
    among: Sequence[ImageReport],
    style: Style,
) -> str:
    """`ok in 5 images, all imports found: api, worker and 3 more`: as many names as the line has room for."""
    start = f" in {plural(len(group), 'image')}{', ' if reason else ''}{reason}: "
    names = [safe(name) for name in short_names(group, among)]
    room = (style.width or WIDTH) - len(head[0]) - len(start) - len(" and 99 more")
    shown = names[:1]
    for name in names[1:]:
        if cells(", ".join((*shown, name))) > room:
            break
        shown.append(name)
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return f"{style.paint(*head)}{start}{', '.join(shown)}{more}"


def _failure(failure: ImageFailure, style: Style) -> Iterator[str]:
    place = f"{failure.location or failure.dockerfile}: "
    yield f"{style.paint('cannot be checked', 'red', 'bold')}: {safe(place + failure.message)}"
    if failure.hint:
        yield f"  {safe(failure.hint)}"
