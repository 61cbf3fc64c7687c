"""`parity graph`: which module imports which, from the start command on."""

from __future__ import annotations

from typing import Annotated

from parity.cli.format_option import format_option
from parity.cli.options import NO_CACHE, Options, looks_at_images
from parity.formats.choice import load


@looks_at_images("select", "ignore", "color", "verbose", *NO_CACHE)
def graph(
    options: Options,
    format: Annotated[str, format_option("graph", "How the graph is written.")] = "mermaid",
) -> None:
    """The modules that the start-up of each image reaches, and their imports.

    What is not in the image, and what is part of a cycle, is marked.

    GitHub and GitLab draw Mermaid where a Markdown page has it in a block.

    Examples:
    - `parity graph --format html --output imports.html`: one page that needs nothing else
    - `parity graph --format dot | dot -Tsvg > imports.svg`: drawn by Graphviz
    """
    settings = options.settings()
    from parity import pipeline
    from parity.cli import failures
    from parity.cli.jobs import several
    from parity.cli.output import write

    with several(options.jobs) as each:
        images, refused = pipeline.graph(settings, each)
    if not options.quiet:
        write(load("graph", format).render(images), options.output, settings.root)
    failures.end(refused, settings.notes)
