"""`parity files`: which files will the image contain, from where, by which instruction?"""

from __future__ import annotations

from typing import Annotated

import typer

from parity.cli.format_option import format_option
from parity.cli.options import NO_CACHE, Options, looks_at_images
from parity.formats.choice import load


@looks_at_images("entrypoint", "python", "select", "ignore", "verbose", *NO_CACHE)
def files(
    options: Options,
    excluded: Annotated[
        bool, typer.Option("--excluded", help="Also what the ignore rules keep out, and which line does it.")
    ] = False,
    format: Annotated[str, format_option("files", "How the files are written.")] = "text",
) -> None:
    """Which files will the image contain, from where, by which instruction?

    Only what the build adds to its base image is listed. `parity why FILE` explains one file.

    Examples:
    - `parity files`: what each image contains
    - `parity files --excluded -f Dockerfile.api`: and what the ignore rules keep out
    """
    settings = options.settings()
    from parity import pipeline
    from parity.cli import failures
    from parity.cli.jobs import several
    from parity.cli.output import style_of, write

    with several(options.jobs) as each:
        images, refused = pipeline.files(settings, excluded=excluded, each=each)
    if not options.quiet:
        text = load("files", format).render(images, style_of(options.color, options.output))
        write(text, options.output, settings.root)
    failures.end(refused, settings.notes)
