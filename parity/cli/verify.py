"""`parity verify`: is an image that was built what the sources say now, and does it start?"""

from __future__ import annotations

from typing import Annotated

import typer

from parity.cli.format_option import format_option
from parity.cli.options import Options, looks_at_images
from parity.formats.choice import load


@looks_at_images("jobs")
def verify(
    options: Options,
    image: Annotated[
        str,
        typer.Argument(
            metavar="IMAGE",
            help="An archive (docker save, OCI), the folder of an OCI layout, or an image that docker or podman has.",
        ),
    ],
    format: Annotated[str, format_option("verify", "How the answer is written.")] = "text",
) -> None:
    """Is the image what the sources say now, and does it start with the packages that it really has?

    Told are files that it lacks, that are out of date or that no instruction brings, configuration and versions of
    packages that differ, and what its start-up would fail on. The image is neither unpacked nor run.

    Exit status: 0 it is as the sources say and starts, 1 it is not, 2 the question could not be answered.

    Examples:
    - `docker save shop:latest -o shop.tar && parity verify shop.tar`: an archive
    - `parity verify shop:latest -f Dockerfile.api`: an image of the engine here, and the Dockerfile it is built from
    """
    settings = options.settings()
    from parity import pipeline
    from parity.cli import failures
    from parity.cli.output import style_of, write
    from parity.cli.progress import Progress
    from parity.config.fail_on import FailOn
    from parity.formats.presentation import Presentation, excerpt_of
    from parity.model.finding import Severity
    from parity.model.seen_from import seen_from

    with Progress() as progress:
        progress.say(f"the layers of {image}")
        answer = seen_from(pipeline.verify(settings, image), settings.below)
    if not options.quiet:
        shown = Presentation(
            excerpt_of(settings.folder),
            style_of(options.color, options.output),
            options.verbose,
            Severity.INFO if options.verbose else Severity.WARNING,
            "",
        )
        write(load("verify", format).render(answer, shown), options.output, settings.root)
    failures.tell_notes(settings.notes)
    fails = any(one.severity in FailOn.parse(settings.fail_on).severities for one in answer.start.findings)
    raise typer.Exit(1 if fails or not answer.is_same else 0)
