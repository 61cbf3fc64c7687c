"""`smoke --run --format json`."""

from __future__ import annotations

from collections.abc import Sequence

from parity.formats.report.json import Json
from parity.formats.safe import json_text
from parity.formats.style import Style
from parity.model.start_test import TriedImage


def render(images: Sequence[TriedImage], style: Style) -> str:
    """One JSON document, ending in a newline."""
    del style
    made: Json = {"schema_version": 1, "images": [_image(image) for image in images]}
    return json_text(made)


def _image(image: TriedImage) -> Json:
    tests = image.tests
    return {
        "dockerfile": tests.dockerfile,
        "target": tests.target,
        "service": tests.service,
        "names": list(tests.names),
        "tests": [
            {
                "argv": list(one.test.argv),
                "command": list(one.test.command),
                "status": one.outcome.status,
                "exception": one.outcome.exception or None,
                "exception_text": one.outcome.text,
                "output": one.outcome.output,
                "as_predicted": one.agreement.value,
                "why": one.why,
            }
            for one in image.tried
        ],
        "case": image.case or None,
    }
