"""`why` in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from parity.formats.safe import safe
from parity.model.location import Unknown
from parity.model.why import WhyAnswer


def render(answers: Sequence[WhyAnswer]) -> str:
    """One paragraph an image, ending in a newline."""
    return "\n".join(_one(answer) for answer in answers)


def _one(answer: WhyAnswer) -> str:
    lines = [f"{safe(answer.dockerfile)}: {safe(answer.name)}"]
    where = answer.checkout_path or "not there"
    lines.append(f"  in the checkout  {safe(where)}")
    if isinstance(answer.in_image, Unknown):
        state = f"cannot be told: {answer.in_image}"
    elif answer.in_image:
        state = f"{answer.image_path}, by {answer.made_by}" if answer.made_by else answer.image_path
    else:
        state = "not there"
        if answer.cause is not None:
            place = f"{answer.cause.location}: " if answer.cause.location else ""
            state += f" ({answer.cause.kind.value}: {place}{answer.cause.detail})"
    lines.append(f"  in the image     {safe(state)}")
    if answer.chain:
        chain = " → ".join(f"{link.path or link.image_path}:{link.line}" for link in answer.chain)
        lines.append(f"  needed through   {safe(chain)}")
    else:
        lines.append(
            f"  needed           {'by the start command itself' if answer.needed else 'not by the start-up'}"
        )
    return "\n".join([*lines, ""])
