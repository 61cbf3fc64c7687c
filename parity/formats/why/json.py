"""`why --format json`."""

from __future__ import annotations

from collections.abc import Sequence

from parity.formats.report.json import Json, cause, link, location, unknown
from parity.formats.safe import json_text
from parity.formats.style import Style
from parity.model.location import Unknown
from parity.model.why import WhyAnswer


def render(answers: Sequence[WhyAnswer], style: Style) -> str:
    """One JSON document, ending in a newline."""
    del style
    made: Json = {"schema_version": 1, "images": [_image(answer) for answer in answers]}
    return json_text(made)


def _image(answer: WhyAnswer) -> Json:
    there = answer.in_image
    return {
        "dockerfile": answer.dockerfile,
        "target": answer.target,
        "name": answer.name,
        "checkout_path": answer.checkout_path or None,
        "image_path": answer.image_path or None,
        "in_image": None if isinstance(there, Unknown) else there,
        "unknown": unknown(there) if isinstance(there, Unknown) else None,
        "instruction": location(answer.made_by),
        "provided_by": answer.provided_by or None,
        "cause": cause(answer.cause),
        "not_in_git": cause(answer.not_in_git),
        "need": answer.need.value,
        "chain": [link(one) for one in answer.chain],
    }
