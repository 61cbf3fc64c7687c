"""A startupProbe: no traffic reaches the container before the application can be imported in it."""

from __future__ import annotations

from collections.abc import Sequence

from parity.formats.safe import safe
from parity.formats.start_test import SECONDS, WITHOUT_TESTS, each, exec_form, one_command
from parity.formats.style import Style
from parity.model.start_test import ImageTests


def render(images: Sequence[ImageTests], style: Style) -> str:
    """The probe of each image."""
    return each(images, style, lines)


def lines(image: ImageTests) -> str:
    """YAML for the container of a pod. Kubernetes runs no shell, and stops the container after three failures."""
    if not image.tests:
        return WITHOUT_TESTS
    command = one_command(image)
    note = "" if command else "# without a shell only the first of several programs can be tested\n"
    # Kubernetes replaces $(NAME) in a probe's command; $$ stands for one $
    words = [word.replace("$(", "$$(") for word in command or image.tests[0].argv]
    return (
        f"{note}startupProbe:\n"
        "  exec:\n"
        f"    command: {safe(exec_form(words))}\n"
        "  periodSeconds: 10\n"
        f"  timeoutSeconds: {SECONDS}\n"
        "  failureThreshold: 3\n"
    )
