"""`parity smoke`: the start-up import test of each image, to be pasted or run."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from parity.cli.format_option import format_option
from parity.cli.options import Options, looks_at_images
from parity.formats.choice import load, names
from parity.model.errors import ParityError

LIMIT = 120
RUN = "Running it"


@looks_at_images("select", "ignore", "verbose")
def smoke(
    options: Options,
    run: Annotated[
        bool,
        typer.Option(
            "--run",
            help="Run the tests in containers of the built images, and compare with what check says.",
            rich_help_panel=RUN,
        ),
    ] = False,
    image: Annotated[
        str | None,
        typer.Option(
            "--image",
            metavar="NAME",
            help="The built image, as the engine knows it.",
            show_default="what the compose file or manifest calls it",
            rich_help_panel=RUN,
        ),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine",
            metavar="COMMAND",
            help="The container engine.",
            show_default="docker, else podman",
            rich_help_panel=RUN,
        ),
    ] = None,
    time_limit: Annotated[
        int,
        typer.Option(
            "--time-limit", metavar="SECONDS", min=1, help="How long a test may take.", rich_help_panel=RUN
        ),
    ] = LIMIT,
    format: Annotated[
        str,
        format_option(
            "smoke", "One form of the test, all of them as text or json; with --run: text or json.", "text"
        ),
    ] = "text",
) -> None:
    """The start-up import test of each image: what to add so that an image that cannot start is never used.

    It imports what the start command imports, with the image's own interpreter, and starts nothing. Printed are a RUN
    step for the Dockerfile, a docker run command, a workflow step, a startupProbe and a HEALTHCHECK.

    With `--run`, the engine of this machine runs it in the built image, without network. Exit status: 0 every test
    passes, 1 one fails or check had said something else, 2 it could not be run.

    Examples:
    - `parity smoke`: every form, for each image
    - `parity smoke -f Dockerfile.api --format dockerfile`: the RUN step alone
    - `parity smoke -f Dockerfile.api --run --image shop-api`: run it
    """
    if run and format not in names("tried"):
        raise ParityError(f"--run answers as text or json, not as {format}", hint="leave one of them out")
    settings = options.settings()
    from parity import pipeline
    from parity.cli import failures
    from parity.cli.jobs import several
    from parity.cli.output import style_of, write
    from parity.cli.progress import Progress

    style = style_of(options.color, options.output)
    if not run:
        with several(options.jobs, len(settings.images)) as each:
            tests, refused = pipeline.smoke(settings, each)
        if not options.quiet:
            write(load("smoke", format).render(tests, style), options.output, settings.root)
        failures.end(refused, settings.notes)
        return
    from parity.smoke.engine import engine_command
    from parity.smoke.trial import named, tried_in

    try:
        command = engine_command(tuple(shlex.split(engine or "")))
    except ValueError:
        raise ParityError(f"--engine {engine} is no command line") from None
    with Progress() as progress, several(options.jobs, len(settings.images)) as each:
        predicted, refused = pipeline.predictions(settings, each)
        checkout = pipeline.files_of(settings)
        tried = tried_in(named(predicted, image), command, time_limit, checkout, progress.say)
    if not options.quiet:
        write(load("tried", format).render(tried, style), options.output, settings.root)
    if refused:
        failures.end(refused, settings.notes)
    failures.tell_notes(settings.notes)
    raise typer.Exit(0 if all(one.passed and not one.case for one in tried) else 1)
