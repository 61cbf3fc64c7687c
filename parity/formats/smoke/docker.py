"""A command line that imports the application in a container of the built image, without network."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from parity.formats.safe import safe
from parity.formats.start_test import IMAGE, WITHOUT_TESTS, docker_run, each
from parity.formats.style import Style
from parity.model.start_test import ImageTests


def render(images: Sequence[ImageTests], style: Style) -> str:
    """The command lines of each image."""
    return each(images, style, lines)


def lines(image: ImageTests) -> str:
    """A command line for each test; `$IMAGE` where no file says what the image is called."""
    name = shlex.quote(image.image) if image.image else IMAGE
    return "".join(f"{safe(docker_run(image, test, name))}\n" for test in image.tests) or WITHOUT_TESTS
