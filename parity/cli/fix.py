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
from parity.formats.safe import safe
from parity.model.errors import ParityError
from parity.model.finding import Finding, Severity

if TYPE_CHECKING:
    from parity.model.change import Change, Mended


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
            _write(settings.root, change)
            sys.stdout.write(f"edited {change.path}\n")
    elif sys.stdout.isatty() or color is Color.ALWAYS:
        sys.stdout.write(diff.render_for_people(mended.changes, style_of(color, None)))
    else:
        write_bytes(diff.render(mended.changes))
    sys.stderr.write(_told(mended, write=write))
    report = mended.after if write else mended.before
    failures.end(report.failures)
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


def _write(root: Path, change: Change) -> None:
    """In place, so that owner, mode and links stay. Raises ParityError for what lies outside of PATH."""
    try:
        place = (root / change.path).resolve(strict=True)
        if not place.is_relative_to(root.resolve()):
            raise ParityError(f"{change.path} is a link out of PATH; it was not edited")
        if place.read_bytes() != change.before:
            raise ParityError(f"{change.path} has changed in the meantime; it was not edited")
        place.write_bytes(change.after)
    except OSError as error:
        raise ParityError(f"cannot write {change.path}: {error.strerror}") from None
