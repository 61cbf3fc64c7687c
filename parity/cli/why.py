"""`parity why`: is this module or file in the image, by which instruction or ignore line, and who needs it?"""

from __future__ import annotations

from typing import Annotated

import typer

from parity.cli.format_option import format_option
from parity.cli.options import NO_CACHE, Options, looks_at_images
from parity.formats.choice import load


@looks_at_images("select", "ignore", "verbose", *NO_CACHE)
def why(
    options: Options,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A module (src.services), a file (src/services/x.py) or an image path (/app/x.py).",
        ),
    ],
    format: Annotated[str, format_option("why", "How the answer is written.")] = "text",
) -> None:
    """Is NAME in the image, by which instruction or ignore line, and by which import chain is it needed?

    A module is looked for as the image's start command would. It answers for every image below PATH, or for
    that of `-f`.

    Examples:
    - `parity why src.services`: a module
    - `parity why src/services/rates.csv`: a file of the checkout
    - `parity why /app/src/main.py`: a path in the image
    - `parity why requests`: a package of others
    """
    from parity.model.errors import ParityError

    if not name.strip():
        raise ParityError("NAME is empty", hint="name a module, a file relative to PATH, or an image path")
    settings = options.settings()
    from parity import pipeline
    from parity.cli import failures
    from parity.cli.jobs import several
    from parity.cli.output import style_of, write

    with several(options.jobs) as each:
        answers, refused = pipeline.why(settings, name, each)
    if answers and not any(answer.known for answer in answers):
        near = next((answer.near[0] for answer in answers if answer.near), "")
        raise ParityError(
            f"there is neither a module nor a file {name}",
            hint=f"did you mean {near}?"
            if near
            else "name a module, a file relative to PATH, or an image path",
        )
    if not options.quiet:
        text = load("why", format).render(answers, style_of(options.color, options.output))
        write(text, options.output, settings.root)
    failures.end(refused, settings.notes)
