"""A RUN step at the end of the Dockerfile: a build whose image cannot start fails.

The shell form where the image has a shell; else the exec form, which needs none.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from parity.formats.safe import safe
from parity.formats.start_test import WITHOUT_TESTS, each, exec_form
from parity.formats.style import Style
from parity.model.start_test import ImageTests, StartTest

OF_PYTHON = ("DJANGO_SETTINGS_MODULE", "FLASK_APP", "CELERY_APP", "CELERY_CONFIG_MODULE")
"""Variables that say what is imported, with those of Python itself. The others may be secrets: a build keeps none."""
MOST_NAMED = 5


def render(images: Sequence[ImageTests], style: Style) -> str:
    """The steps of each image."""
    return each(images, style, lines)


def lines(image: ImageTests) -> str:
    """The steps, each in its line; what they lack is said before them."""
    if not image.tests:
        return WITHOUT_TESTS
    told = {name: value for name, value in image.environment if _is_of_python(name)}
    lacking = [name for name, _ in image.environment if name not in told]
    note = ""
    if lacking:
        more = f" and {len(lacking) - MOST_NAMED} more" if len(lacking) > MOST_NAMED else ""
        named = safe(f"{', '.join(lacking[:MOST_NAMED])}{more}, which {image.names[0]} sets")
        note = f"# without {named}: add what the import needs\n"
    return note + "".join(f"{safe(_step(image, test, told))}\n" for test in image.tests)


def _step(image: ImageTests, test: StartTest, variables: dict[str, str]) -> str:
    if not image.has_shell:
        return f"RUN {exec_form(test.argv)}"
    folder = f"cd {shlex.quote(image.working_directory)} && " if image.working_directory else ""
    told = "".join(f"{name}={shlex.quote(value)} " for name, value in variables.items())
    return f"RUN {folder}{told}{shlex.join(test.argv)}"


def _is_of_python(name: str) -> bool:
    return name.startswith("PYTHON") or name in OF_PYTHON
