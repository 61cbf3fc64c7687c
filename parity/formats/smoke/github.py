"""A step of a GitHub workflow: it builds the image, and imports the application in a container of it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from parity.formats.safe import safe
from parity.formats.start_test import WITHOUT_TESTS, docker_run, each, exec_form, title
from parity.formats.style import Style
from parity.model.start_test import ImageTests

TAG = "startup-test"


def render(images: Sequence[ImageTests], style: Style) -> str:
    """The step of each image."""
    return each(images, style, lines)


def lines(image: ImageTests) -> str:
    """An item of `steps`."""
    if not image.tests:
        return WITHOUT_TESTS
    commands = (_build(image), *(docker_run(image, test, TAG) for test in image.tests))
    script = "".join(f"    {_literal(command)}\n" for command in commands)
    return f"- name: {safe(exec_form((f'Imports of {title(image)}',))[1:-1])}\n  run: |\n{script}"


def _build(image: ImageTests) -> str:
    arguments = (word for name, value in image.build_args for word in ("--build-arg", f"{name}={value}"))
    target = ("--target", image.target) if image.target else ()
    return shlex.join(
        ("docker", "build", "--tag", TAG, "--file", image.dockerfile, *target, *arguments, image.context)
    )


def _literal(command: str) -> str:
    """GitHub puts its own values in for `${{ }}`, in scripts too."""
    return safe(command).replace("${{", "${{ '${{' }}")
