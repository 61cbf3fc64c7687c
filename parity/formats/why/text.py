"""`why` in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from parity.formats.safe import safe
from parity.formats.style import Style
from parity.model.finding import Cause, CauseKind, ChainLink
from parity.model.location import Unknown
from parity.model.why import Need, WhyAnswer

_EXCLUDES = {CauseKind.DOCKERIGNORE: "excludes it", CauseKind.REMOVED: "removes it"}


def render(answers: Sequence[WhyAnswer], style: Style) -> str:
    """A paragraph for each image, images with the same answer in one; it ends in a newline."""
    images: dict[str, list[str]] = {}
    for answer in answers:
        name = answer.dockerfile + (f" --target {answer.target}" if answer.target else "")
        images.setdefault(_answer(answer, style), []).append(name)
    return "\n".join(f"{style.paint(safe(_called(names)), 'bold')}: {text}" for text, names in images.items())


def _called(names: Sequence[str]) -> str:
    """`Dockerfile`, `Dockerfile (3 images)`, `a/Dockerfile, b/Dockerfile`."""
    distinct = ", ".join(dict.fromkeys(names))
    return distinct if len(set(names)) == len(names) else f"{distinct} ({len(names)} images)"


def _answer(answer: WhyAnswer, style: Style) -> str:
    lines = [style.paint(safe(answer.name), "bold")]
    rows = (
        ("in the checkout", answer.checkout_path or _no_file(answer)),
        ("in the image", _in_image(answer)),
        _needed(answer),
    )
    lines += [f"  {style.paint(name.ljust(16), 'dim')} {safe(text)}" for name, text in rows]
    return "\n".join([*lines, ""])


def _no_file(answer: WhyAnswer) -> str:
    return "not there" if answer.image_path or not answer.known else "no file of the project"


def _in_image(answer: WhyAnswer) -> str:
    if isinstance(answer.in_image, Unknown):
        return f"not checked: {answer.in_image}"
    if not answer.in_image:
        return f"not there: {reason(answer.cause)}" if answer.cause is not None else "not there"
    if not answer.provided_by:
        return f"{answer.image_path}, by {answer.made_by}" if answer.made_by else answer.image_path
    by = f", installed by {answer.made_by}" if answer.made_by else ""
    return f"in {answer.provided_by}{by}"


def reason(cause: Cause) -> str:
    """Why it is not there, as the half of a sentence."""
    place = str(cause.location) if cause.location else ""
    if cause.kind in _EXCLUDES and place:
        what = f" ({cause.detail})" if cause.kind is CauseKind.DOCKERIGNORE else ""
        return f"{place} {_EXCLUDES[cause.kind]}{what}"
    if cause.kind is CauseKind.NOT_COPIED and place:
        return f"{cause.detail}; the nearest that copies is {place}"
    return f"{cause.detail} ({place})" if place else cause.detail


def _needed(answer: WhyAnswer) -> tuple[str, str]:
    match answer.need:
        case Need.START:
            return "needed", "by the start command itself"
        case Need.IMPORTED:
            return "needed through", _chain(answer.chain)
        case Need.LATER:
            return "needed later", f"{_chain(answer.chain)}, when that function is called"
        case Need.NOT:
            return "needed", "not by the start-up" if answer.image_path else "by no module of the project"


def _chain(chain: Sequence[ChainLink]) -> str:
    return " → ".join(f"{link.path or link.image_path}:{link.line}" for link in chain)
