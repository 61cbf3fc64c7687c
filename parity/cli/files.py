"""`parity files`: which files will the image contain, from where, by which instruction?"""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from parity.cli.options import (
    OUTPUT,
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


class Format(Enum):
    """How the files are written."""

    TEXT = "text"
    JSON = "json"


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
    format: Annotated[
        Format, typer.Option("--format", help="How the files are written.", rich_help_panel=OUTPUT)
    ] = Format.TEXT,
    output: OutputOption = None,
    color: ColorOption = Color.AUTO,
    no_cache: NoCacheOption = False,
) -> None:
    """Which files will the image contain, from where, by which instruction?

    Only what the build adds to its base image is listed. `parity why FILE` tells about one file.
    """
    del no_cache
    settings = settings_of(
        path, dockerfile, context, target, build_arg, build_context, None, None, platform, config
    )
    from parity import pipeline
    from parity.cli.output import style_of, write
    from parity.formats.files import json, text

    images = pipeline.files(settings, excluded=excluded)
    rendered = json.render(images) if format is Format.JSON else text.render(images, style_of(color, output))
    write(rendered, output)
