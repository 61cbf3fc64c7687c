"""`parity graph`: which module imports which, from the start command on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from parity.cli.format_option import format_option
from parity.cli.options import (
    BuildArgOption,
    BuildContextOption,
    ConfigOption,
    ContextOption,
    DockerfileOption,
    EntrypointOption,
    NoCacheOption,
    OutputOption,
    PathArgument,
    PlatformOption,
    PythonOption,
    TargetOption,
    settings_of,
)
from parity.formats.choice import load


def graph(
    path: PathArgument = Path(),
    dockerfile: DockerfileOption = None,
    context: ContextOption = None,
    target: TargetOption = None,
    build_arg: BuildArgOption = None,
    build_context: BuildContextOption = None,
    entrypoint: EntrypointOption = None,
    python: PythonOption = None,
    platform: PlatformOption = None,
    config: ConfigOption = None,
    format: Annotated[str, format_option("graph", "How the graph is written.")] = "mermaid",
    output: OutputOption = None,
    no_cache: NoCacheOption = False,
) -> None:
    """The modules that the start-up of each image reaches, and their imports.

    What is not in the image, and what is part of a cycle, is marked.

    GitHub and GitLab draw Mermaid where a Markdown page has it in a block.

    Examples:
    - `parity graph --format html --output imports.html`: one page that needs nothing else
    - `parity graph --format dot | dot -Tsvg > imports.svg`: drawn by Graphviz
    """
    del no_cache
    settings = settings_of(
        path, dockerfile, context, target, build_arg, build_context, entrypoint, python, platform, config
    )
    from parity import pipeline
    from parity.cli import failures
    from parity.cli.output import write

    images, refused = pipeline.graph(settings)
    write(load("graph", format).render(images), output, settings.root)
    failures.end(refused, settings.notes)
