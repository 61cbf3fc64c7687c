"""Every form of the test, each behind a comment that says where it belongs."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from parity.formats.safe import safe
from parity.formats.smoke import docker, dockerfile, github, healthcheck, kubernetes
from parity.formats.start_test import WITHOUT_TESTS, each, title
from parity.formats.style import Style
from parity.model.start_test import ImageTests

FORMS = (
    ("the last lines of the Dockerfile: a build whose image cannot start fails", dockerfile.lines),
    ("a container of the built image", docker.lines),
    ("a workflow, under steps: before the image is pushed", github.lines),
    ("a Kubernetes container: no traffic before it can be imported", kubernetes.lines),
    ("the Dockerfile, for a service that answers no request", healthcheck.lines),
)


def render(images: Sequence[ImageTests], style: Style) -> str:
    """A paragraph for each form, under the name of the image and its start commands; it ends in a newline."""
    return "\n".join(_image(image, style) for image in images)


def _image(image: ImageTests, style: Style) -> str:
    if not image.tests:
        return each((image,), style, lambda _: WITHOUT_TESTS)
    commands = " and ".join(shlex.join(test.command) for test in image.tests)
    head = style.paint(f"# {safe(title(image))} starts {safe(commands)}", "bold")
    parts = (f"{style.paint(f'# {where}', 'dim')}\n{lines(image)}" for where, lines in FORMS)
    return "\n".join((f"{head}\n", *parts))
