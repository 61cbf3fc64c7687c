"""`smoke --format json`."""

from __future__ import annotations

from collections.abc import Sequence

from parity.formats.report.json import Json
from parity.formats.safe import json_text
from parity.formats.smoke import docker, dockerfile, github, healthcheck, kubernetes
from parity.formats.style import Style
from parity.model.start_test import ImageTests

FORMS = {
    "dockerfile": dockerfile.lines,
    "docker": docker.lines,
    "healthcheck": healthcheck.lines,
    "github": github.lines,
    "kubernetes": kubernetes.lines,
}


def render(images: Sequence[ImageTests], style: Style) -> str:
    """One JSON document, ending in a newline."""
    del style
    made: Json = {"schema_version": 1, "images": [image_of(image) for image in images]}
    return json_text(made)


def image_of(image: ImageTests) -> Json:
    """The image, its tests as the engine gets them, and each form of them; None for those of an image without any."""
    return {
        "dockerfile": image.dockerfile,
        "context": image.context,
        "target": image.target,
        "service": image.service,
        "names": list(image.names),
        "image": image.image or None,
        "tests": [{"argv": list(test.argv), "command": list(test.command)} for test in image.tests],
        "forms": {name: lines(image) if image.tests else None for name, lines in FORMS.items()},
    }
