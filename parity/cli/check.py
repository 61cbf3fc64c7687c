"""`parity check`: will the start-up of every image import what it needs?"""

from __future__ import annotations

import sys
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
    EntrypointOption,
    IgnoreOption,
    NoCacheOption,
    OutputOption,
    PathArgument,
    PlatformOption,
    PythonOption,
    QuietOption,
    SelectOption,
    TargetOption,
    VerboseOption,
    settings_of,
)


class Format(Enum):
    """How the report is written."""

    AUTO = "auto"
    TEXT = "text"
    JSON = "json"


class FailOn(Enum):
    """From which severity on the exit status is 1."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"


def check(
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
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    fail_on: Annotated[
        FailOn | None,
        typer.Option("--fail-on", help="From which severity on the exit status is 1.", show_default="error"),
    ] = None,
    format: Annotated[
        Format, typer.Option("--format", help="How the report is written.", rich_help_panel=OUTPUT)
    ] = Format.AUTO,
    output: OutputOption = None,
    color: ColorOption = Color.AUTO,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_cache: NoCacheOption = False,
) -> None:
    """Would the start-up of every image built from PATH import what it needs?

    Nothing is built, run or installed. Each finding names the import, what keeps the module out of the
    image, the chain of imports that leads there, and what to do.
    """
    del no_cache
    settings = settings_of(
        path,
        dockerfile,
        context,
        target,
        build_arg,
        build_context,
        entrypoint,
        python,
        platform,
        config,
        select,
        ignore,
    )
    from parity import pipeline
    from parity.cli.output import excerpt_of, style_of, write
    from parity.formats.report import json, text
    from parity.model.finding import Severity

    report = pipeline.check(settings)
    if settings.note and not quiet:
        sys.stderr.write(f"note: {settings.note}\n")
    if not quiet:
        if format is Format.JSON:
            rendered = json.render(report)
        else:
            style = style_of(color, output)
            rendered = text.render(report, excerpt_of(settings.root), style, verbose=verbose)
        write(rendered, output)
    if report.failures:
        if format is Format.JSON or quiet:
            for failure in report.failures:
                place = f"{failure.location}: " if failure.location else f"{failure.dockerfile}: "
                sys.stderr.write(f"error: {place}{failure.message}\n")
        raise typer.Exit(2)
    fail_on = fail_on or FailOn(settings.fail_on)
    bad = report.count(Severity.ERROR) if fail_on is not FailOn.NEVER else 0
    if fail_on is FailOn.WARNING:
        bad += report.count(Severity.WARNING)
    raise typer.Exit(1 if bad else 0)
