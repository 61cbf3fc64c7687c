"""`parity why`: is this module or file in the image, by which instruction or ignore line, and who needs it?"""

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
    format: Annotated[str, format_option("why", "How the answer is written.")] = "text",
    output: OutputOption = None,
    color: ColorOption = Color.AUTO,
    no_cache: NoCacheOption = False,
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
    del no_cache
    from parity.model.errors import ParityError

    if not name.strip():
        raise ParityError("NAME is empty", hint="name a module, a file relative to PATH, or an image path")
    settings = settings_of(
        path, dockerfile, context, target, build_arg, build_context, entrypoint, python, platform, config
    )
    from parity import pipeline
    from parity.cli import failures
    from parity.cli.output import style_of, write

    answers, refused = pipeline.why(settings, name)
    if answers and not any(answer.known for answer in answers):
        near = next((answer.near[0] for answer in answers if answer.near), "")
        raise ParityError(
            f"there is neither a module nor a file {name}",
            hint=f"did you mean {near}?"
            if near
            else "name a module, a file relative to PATH, or an image path",
        )
    write(load("why", format).render(answers, style_of(color, output)), output, settings.root)
    failures.end(refused, settings.notes)
