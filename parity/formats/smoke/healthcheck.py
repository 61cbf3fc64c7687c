"""A HEALTHCHECK for an application that answers no request: it imports what the start command imports.

It starts an interpreter each time: an interval of minutes, and a start period in which a failure does not count.
"""

from __future__ import annotations

from collections.abc import Sequence

from parity.formats.safe import safe
from parity.formats.start_test import SECONDS, WITHOUT_TESTS, each, exec_form, one_command
from parity.formats.style import Style
from parity.model.start_test import ImageTests


def render(images: Sequence[ImageTests], style: Style) -> str:
    """The instruction of each image."""
    return each(images, style, lines)


def lines(image: ImageTests) -> str:
    """One instruction, for Docker heeds the last alone; in the exec form, which needs no shell."""
    if not image.tests:
        return WITHOUT_TESTS
    command = one_command(image)
    note = "" if command else "# without a shell only the first of several programs can be tested\n"
    times = f"--interval=5m --timeout={SECONDS}s --start-period={SECONDS}s --retries=2"
    return f"{note}HEALTHCHECK {times} CMD {safe(exec_form(command or image.tests[0].argv))}\n"
