"""`parity fix`: the edits that resolve the findings, as a diff, or made."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parity.cli.options import (
    BuildArgOption,
    BuildContextOption,
    Color,
    ColorOption,
    ConfigOption,
    ContextOption,
    DockerfileOption,
    EntrypointOption,
    IgnoreOption,
    PathArgument,
    PlatformOption,
    PythonOption,
    SelectOption,
    TargetOption,
    settings_of,
)
from parity.cli.streams import send
from parity.formats.safe import safe
from parity.model.finding import Finding, Severity
from parity.tree.replace import replace_file

if TYPE_CHECKING:
    from parity.model.change import Mended


def fix(
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
    write: Annotated[
        bool, typer.Option("--write", help="Make the edits; without it they are only shown.")
    ] = False,
    color: ColorOption = Color.AUTO,
) -> None:
    """Shows the edits that resolve the findings, as a diff; `--write` makes them.

    Each is tried in memory first: only edits after which the finding is gone are shown. Comments and
    formatting stay. `parity fix | git apply` makes them, too.

    Exit status: 1 as long as the files on disk have errors, else 0; 2 the question could not be answered.

    Examples:
    - `parity fix`: shows the edits
    - `parity fix --write`: makes them
    - `parity fix --select PAR101 | git apply`: makes those of one rule
    """
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
    from parity.cli import failures
    from parity.cli.output import style_of, write_bytes
    from parity.formats import diff

    mended = pipeline.fix(settings)
    if write:
        for change in mended.changes:
            place = settings.root / change.path
            replace_file(place, change.path, change.after, within=settings.root, before=change.before)
            send(f"edited {safe(change.path)}\n")
    elif sys.stdout.isatty() or color is Color.ALWAYS:
        send(diff.render_for_people(mended.changes, style_of(color, None)))
    else:
        write_bytes(diff.render(mended.changes))
    sys.stderr.write(_told(mended, write=write))
    report = mended.after if write else mended.before
    failures.end(report.failures, settings.notes)
    raise typer.Exit(1 if report.count(Severity.ERROR) else 0)


def _told(mended: Mended, *, write: bool) -> str:
    every = (finding for image in mended.after.images for finding in image.findings)
    left = [finding for finding in every if finding.severity is not Severity.INFO]
    rest = "".join(_left(finding) for finding in left)
    if not mended.changes:
        return f"nothing to edit; {_findings(len(left))} left\n{rest}" if left else "nothing to fix\n"
    verb = "resolved" if write else "would be resolved"
    hint = "" if write else "; --write makes the edits"
    return f"{_findings(len(mended.resolved))} {verb}, {len(left)} left{hint}\n{rest}"


def _left(finding: Finding) -> str:
    """What no edit of these files mends: one line, and what to do."""
    place = f"{finding.location}: " if finding.location else ""
    fix = f"    {safe(finding.fix)}\n" if finding.fix else ""
    return f"  {safe(f'{place}{finding.code} {finding.message}')}\n" + fix


def _findings(number: int) -> str:
    return "1 finding" if number == 1 else f"{number} findings"
