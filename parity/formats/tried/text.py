"""What came of the start-up tests, in plain words."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from parity.formats.safe import safe
from parity.formats.start_test import title
from parity.formats.style import Style
from parity.formats.words import plural
from parity.model.start_test import Agreement, Tried, TriedImage


def render(images: Sequence[TriedImage], style: Style) -> str:
    """A paragraph for each image, the count, then the cases to report; it ends in a newline."""
    tried = [one for image in images for one in image.tried]
    paragraphs = ["\n".join(_image(image, style)) for image in images]
    count = ", ".join(
        f"{sum(one.agreement is agreement for one in tried)} {words}"
        for agreement, words in (
            (Agreement.YES, "as check says"),
            (Agreement.NO, "not as check says"),
            (Agreement.OPEN, "of which check says nothing"),
        )
        if any(one.agreement is agreement for one in tried)
    )
    paragraphs.append(f"{plural(len(tried), 'test')}: {count or 'none was run'}")
    paragraphs += [
        "Please report this case. It holds files of the project: read it before you send it.\n\n"
        + "\n".join(map(safe, image.case.splitlines()))
        for image in images
        if image.case
    ]
    return "\n\n".join(paragraphs) + "\n"


def _image(image: TriedImage, style: Style) -> Iterator[str]:
    yield style.paint(safe(title(image.tests)), "bold")
    for one in image.tried:
        yield f"  {safe(shlex.join(one.test.argv))}"
        yield f"    {_outcome(one, style)}: {safe(one.why)}"
    if not image.tried:
        yield "  no Python start command is recognised (name one with --entrypoint)"


def _outcome(one: Tried, style: Style) -> str:
    outcome = one.outcome
    if outcome.passed:
        return style.paint("starts", "green")
    if outcome.status is None:
        return style.paint("does not end", "yellow")
    text = f"{outcome.exception}: {outcome.text}" if outcome.exception else f"status {outcome.status}"
    return f"{style.paint('fails', 'red')} with {safe(text)}"
