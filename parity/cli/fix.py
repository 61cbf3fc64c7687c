"""`parity fix`: the edits that resolve the findings, as a diff, or made."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from parity.cli.options import Color, Options, looks_at_images
from parity.cli.streams import send
from parity.formats.safe import safe
from parity.model.finding import Finding, Severity
from parity.tree.replace import replace_file

if TYPE_CHECKING:
    from parity.model.change import Fixes


@looks_at_images("verbose", "jobs")
def fix(
    options: Options,
    write: Annotated[
        bool, typer.Option("--write", help="Make the edits; without it they are only shown.")
    ] = False,
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
    settings = options.settings()
    from parity import pipeline
    from parity.cli import failures
    from parity.cli.output import style_of, write_bytes
    from parity.formats import diff

    fixes = pipeline.fix(settings)
    if write:
        for change in fixes.changes:
            place = settings.root / change.path
            replace_file(place, change.path, change.after, within=settings.root, before=change.before)
            if not options.quiet:
                send(f"edited {safe(change.path)}\n")
    elif options.quiet:
        pass
    elif options.output is None and (sys.stdout.isatty() or options.color is Color.ALWAYS):
        send(diff.render_for_people(fixes.changes, style_of(options.color, None)))
    else:
        write_bytes(diff.render(fixes.changes), options.output, settings.root)
    if not options.quiet:
        sys.stderr.write(_told(fixes, write=write))
    report = fixes.after if write else fixes.before
    failures.end(report.failures, settings.notes)
    raise typer.Exit(1 if report.count(Severity.ERROR) else 0)


def _told(fixes: Fixes, *, write: bool) -> str:
    every = (finding for image in fixes.after.images for finding in image.findings)
    left = [finding for finding in every if finding.severity is not Severity.INFO]
    rest = "".join(_left(finding) for finding in left)
    if not fixes.changes:
        return f"nothing to edit; {_findings(len(left))} left\n{rest}" if left else "nothing to fix\n"
    verb = "resolved" if write else "would be resolved"
    hint = "" if write else "; --write makes the edits"
    return f"{_findings(len(fixes.resolved))} {verb}, {len(left)} left{hint}\n{rest}"


def _left(finding: Finding) -> str:
    """What no edit of these files fixes: one line, and what to do."""
    place = f"{finding.location}: " if finding.location else ""
    fix = f"    {safe(finding.fix)}\n" if finding.fix else ""
    return f"  {safe(f'{place}{finding.code} {finding.message}')}\n" + fix


def _findings(number: int) -> str:
    return "1 finding" if number == 1 else f"{number} findings"
