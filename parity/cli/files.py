"""`parity files`: which files will the image contain, from where, by which instruction?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from parity.cli.format_option import format_option
from parity.cli.options import (
    BuildArgOption,
    BuildContextOption,
    Color,
    ColorOption,
    ConfigOption,
    ContextOption,
    DockerfileOption,
    NoCacheOption,
    OutputOption,
    PathArgument,
    PlatformOption,
    TargetOption,
    settings_of,
)
from parity.formats.choice import load


def files(
    path: PathArgument = Path(),
    dockerfile: DockerfileOption = None,
    context: ContextOption = None,
    target: TargetOption = None,
    build_arg: BuildArgOption = None,
    build_context: BuildContextOption = None,
    platform: PlatformOption = None,
    config: ConfigOption = None,
    excluded: Annotated[
        bool, typer.Option("--excluded", help="Also what the ignore rules keep out, and which line does it.")
    ] = False,
    format: Annotated[str, format_option("files", "How the files are written.")] = "text",
    output: OutputOption = None,
    color: ColorOption = Color.AUTO,
    no_cache: NoCacheOption = False,
) -> None:
    """Which files will the image contain, from where, by which instruction?

    Only what the build adds to its base image is listed. `parity why FILE` tells about one file.

    Examples:
    - `parity files`: what each image contains
    - `parity files --excluded -f Dockerfile.api`: and what the ignore rules keep out
    """
    del no_cache
    settings = settings_of(
        path, dockerfile, context, target, build_arg, build_context, None, None, platform, config
    )
    from parity import pipeline
    from parity.cli import failures
    from parity.cli.output import style_of, write

    images, refused = pipeline.files(settings, excluded=excluded)
    write(load("files", format).render(images, style_of(color, output)), output, settings.root)
    failures.end(refused, settings.notes)
