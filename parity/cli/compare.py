"""`parity check --compare A B`: what starts in one image and not in the other, what differs, and why."""

from __future__ import annotations

import typer

from parity.cli.options import Options
from parity.config.settings import Settings
from parity.formats.choice import load, names
from parity.model.errors import ParityError
from parity.model.report import Verdict


def compare_images(
    options: Options, settings: Settings, compared: tuple[str, str], format: str, *, exit_zero: bool
) -> None:
    """Ends with status 1 where one of them fails and the other does not. Raises ParityError."""
    form = "text" if format == "auto" else format
    if form not in names("comparison"):
        raise ParityError(f"--compare answers as text or json, not as {form}", hint="leave one of them out")
    from parity import pipeline
    from parity.cli import failures
    from parity.cli.output import base_of, style_of, write
    from parity.config.named import named
    from parity.formats.presentation import Presentation, excerpt_of

    first, second = (named(name, settings.images) for name in compared)
    answer = pipeline.compare(settings, first, second)
    if not options.quiet:
        shown = Presentation(
            excerpt_of(settings.root),
            style_of(options.color, options.output),
            options.verbose,
            base=base_of(settings.root),
        )
        write(load("comparison", form).render(answer, shown), options.output, settings.root)
    failures.tell_notes(settings.notes)
    failing = {report.verdict is Verdict.FAILS for report in answer.reports}
    raise typer.Exit(1 if len(failing) == 2 and not exit_zero else 0)
