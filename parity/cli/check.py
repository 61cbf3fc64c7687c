"""`parity check`: will the start-up of every image import what it needs?"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from parity.cli.format_option import format_option
from parity.cli.options import LOOK_AT, OUTPUT, RULES, Options, looks_at_images
from parity.cli.streams import send
from parity.config.fail_on import CHOICES, FailOn
from parity.formats.choice import load
from parity.formats.safe import safe
from parity.model.errors import ParityError

WITH_EDITS = ("json", "sarif", "html")
"""The formats that tell the edits of a finding."""


@looks_at_images()
def check(
    options: Options,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="LEVEL",
            autocompletion=lambda: list(CHOICES),
            help="The lowest severity that makes the exit status 1: error, warning, info or never; with "
            "unchecked, alone or behind a comma (warning,unchecked), an image that was not checked does, too.",
            show_default="what the configuration says, else error",
        ),
    ] = None,
    format: Annotated[
        str,
        format_option(
            "report", "How the report is written; auto is github on GitHub Actions, else text.", "auto"
        ),
    ] = "auto",
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="End with status 0 whatever is found; no answer is still 2.")
    ] = False,
    statistics: Annotated[
        bool,
        typer.Option(
            "--statistics",
            help="Show how often each rule finds something, instead of the findings.",
            rich_help_panel=OUTPUT,
        ),
    ] = False,
    python_environment: Annotated[
        Path | None,
        typer.Option(
            "--python-environment",
            metavar="DIR",
            help="A virtual environment whose metadata says what packages contain and need. Nothing in it is run.",
            show_default=".venv, venv or env of PATH",
            rich_help_panel=LOOK_AT,
        ),
    ] = None,
    clean: Annotated[
        bool,
        typer.Option(
            "--clean",
            help="Look only at the files that git tracks, as a build from a clean checkout would.",
            rich_help_panel=LOOK_AT,
        ),
    ] = False,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline",
            metavar="FILE",
            help="A file of known findings: only others are reported.",
            rich_help_panel=RULES,
        ),
    ] = None,
    diff: Annotated[
        str | None,
        typer.Option(
            "--diff",
            metavar="BASE",
            help="Report only what is new against a git revision, such as origin/main.",
            rich_help_panel=RULES,
        ),
    ] = None,
    no_ignores: Annotated[
        bool,
        typer.Option(
            "--no-ignores",
            help="Report what comments, ignore keys and the baseline of the configuration silence, too.",
            rich_help_panel=RULES,
        ),
    ] = False,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--compare",
            metavar="A B",
            help="Compare two images, named as reports name them: what starts in one and not in the other, and why.",
            rich_help_panel=LOOK_AT,
        ),
    ] = None,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Check again whenever a file changes, until it is interrupted."),
    ] = False,
    write_baseline: Annotated[
        Path | None,
        typer.Option(
            "--write-baseline",
            metavar="FILE",
            help="Write all that is found now to FILE, as a baseline, and report nothing.",
            rich_help_panel=RULES,
        ),
    ] = None,
) -> None:
    """Would the start-up of every image built from PATH import what it needs?

    Nothing is built, run or installed. Each finding names the import, what keeps the module out of the
    image, the chain of imports that leads there, and what to do. `parity rule CODE` explains it.

    An error is a start-up that fails; a warning, code that fails later or may fail; an info is worth knowing.

    Exit status: 0 nothing at or above `--fail-on`, 1 there is, 2 the question could not be answered: the
    reason is on standard error.

    Examples:
    - `parity check`: every Dockerfile below the current folder
    - `parity check services/api -f Dockerfile.prod --target app`: one image
    - `parity check --entrypoint 'python -m shop.worker'`: another start command
    - `parity check --diff origin/main`: only what is new in this branch
    - `parity check --compare Dockerfile:dev Dockerfile`: what development has and production lacks
    - `parity check --format sarif --output parity.sarif`: a file for code scanning
    """
    once = partial(
        _once,
        options,
        fail_on=fail_on,
        format=format,
        exit_zero=exit_zero,
        statistics=statistics,
        python_environment=python_environment,
        clean=clean,
        baseline=baseline,
        diff=diff,
        no_ignores=no_ignores,
        compare=compare,
        write_baseline=write_baseline,
    )
    if not watch:
        once()
        return
    if write_baseline is not None or "-" in (options.dockerfile or ()):
        raise ParityError(
            "--watch asks again, and --write-baseline and -f - can be asked once",
            hint="leave one of them out",
        )
    from parity.cli.watch import repeat

    repeat(once, options.settings(python_environment).root)


def _once(
    options: Options,
    *,
    fail_on: str | None,
    format: str,
    exit_zero: bool,
    statistics: bool,
    python_environment: Path | None,
    clean: bool,
    baseline: Path | None,
    diff: str | None,
    no_ignores: bool,
    compare: tuple[str, str] | None,
    write_baseline: Path | None,
) -> None:
    """One check, as the options of these names say. Ends with its status."""
    if fail_on is not None:
        FailOn.parse(fail_on)
    if statistics and format not in ("auto", "text"):
        raise ParityError(f"--statistics is text, and --format {format} is not", hint="leave one of them out")
    cache = options.cache()
    settings = replace(options.settings(python_environment, cache), clean=clean)
    if no_ignores:
        settings = settings.without_ignores(options.unwanted)
    from parity import pipeline
    from parity.cli import failures
    from parity.cli.jobs import several
    from parity.cli.output import append_summary, automatic_format, base_of, read_baseline, style_of, write
    from parity.cli.progress import Progress
    from parity.formats.presentation import Presentation, excerpt_of
    from parity.model.finding import Severity
    from parity.model.seen_from import seen_from
    from parity.rules.suppression.baseline import rendered as rendered_baseline

    if compare is not None:
        from parity.cli.compare import compare_images

        compare_images(options, settings, compare, format, exit_zero=exit_zero)
        return
    if write_baseline is not None:
        found = pipeline.check(settings)
        findings = [finding for image in found.images for finding in image.findings]
        write(rendered_baseline(findings), write_baseline, settings.root)
        if not options.quiet:
            number = "1 finding is" if len(findings) == 1 else f"{len(findings)} findings are"
            send(f"wrote {safe(str(write_baseline))}: {number} known\n")
        failures.end(found.failures, settings.notes)
        return
    known = read_baseline(baseline, settings)
    with Progress() as progress:
        if diff is not None:
            from parity.cli.diff import found_in

            progress.say(f"the files of {diff}")
            known = known.joined(found_in(diff, options, settings))
        with several(options.jobs, progress.say) as each:
            report = pipeline.check(settings, known, say=progress.say, each=each, cache=cache)
    name = automatic_format(options.output) if format == "auto" else format
    name = "statistics" if statistics else name
    if name in WITH_EDITS and not options.quiet:
        report = pipeline.with_edits(settings, report, cache=cache)
    if cache is not None:
        cache.end()
    report = seen_from(replace(report, rules=pipeline.rules()) if name == "sarif" else report, settings.below)
    failing = FailOn.parse(fail_on or settings.fail_on)
    if not options.quiet:
        folder = settings.folder
        shown = Presentation(
            excerpt_of(folder),
            style_of(options.color, options.output),
            options.verbose,
            Severity.INFO if options.verbose or Severity.INFO in failing.severities else Severity.WARNING,
            base_of(folder),
        )
        write(load("report", name).render(report, shown), options.output, settings.root)
        if name == "github":
            append_summary(load("report", "markdown").render(report, shown))
    if name not in ("text", "github") or options.quiet or options.output is not None:
        failures.tell_notes(report.notes)
    if report.failures:
        if name != "text" or options.quiet or options.output is not None or not sys.stdout.isatty():
            failures.tell(report.failures)
        raise typer.Exit(2)
    raise typer.Exit(1 if failing.fails(report) and not exit_zero else 0)
