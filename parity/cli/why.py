"""`parity why`: is this module or file in the image, by which instruction or ignore line, and who needs it?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from parity.cli.options import (
    BuildArgOption,
    BuildContextOption,
    ConfigOption,
    ContextOption,
    DockerfileOption,
    EntrypointOption,
    PathArgument,
    PlatformOption,
    PythonOption,
    TargetOption,
    settings_of,
)


def why(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A module (src.services), a file (src/services/x.py) or an image path (/app/x.py).",
        ),
    ],
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
) -> None:
    """Is NAME in the image, by which instruction or ignore line, and by which import chain is it needed?

    A module is looked for as the image's start command would. It answers for every image below PATH, or for
    that of `-f`.
    """
    settings = settings_of(
        path, dockerfile, context, target, build_arg, build_context, entrypoint, python, platform, config
    )
    from parity import pipeline
    from parity.formats import why as text

    typer.echo(text.render(pipeline.why(settings, name)), nl=False)
