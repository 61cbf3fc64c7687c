"""`parity fix`: the edits that resolve the findings, as a diff, or made."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from parity.cli.options import NO_CACHE, RULES, Color, Options, looks_at_images, rule_codes
from parity.cli.streams import send
from parity.formats.safe import safe
from parity.model.finding import Finding, Severity
from parity.tree.replace import replace_file

if TYPE_CHECKING:
    from parity.config.settings import Settings
    from parity.model.change import Change, Fixes


@looks_at_images("verbose", "jobs", *NO_CACHE)
def fix(
    options: Options,
    write: Annotated[
        bool, typer.Option("--write", help="Make the edits; without it they are only shown.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Show and write nothing: exit status 1 if there is something to edit."),
    ] = False,
    unsafe: Annotated[
        bool,
        typer.Option(
            "--unsafe",
            help="Make those edits, too, that change more than what is missing. They are always shown.",
        ),
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="CODES",
            help="Fix the findings of these rules alone; all are checked. Named as for --select.",
            rich_help_panel=RULES,
        ),
    ] = None,
    alternative: Annotated[
        int | None,
        typer.Option(
            "--alternative",
            metavar="N",
            min=1,
            help="The Nth of the ways that a finding has; those with fewer are left.",
            show_default="the best that holds",
        ),
    ] = None,
) -> None:
    """Shows the edits that resolve the findings, as a diff; `--write` makes them.

    Each is tried in memory first, with a whole check: only edits after which the finding is gone and no other
    came are shown. Comments and formatting stay. An edit that changes more than what is missing is unsafe: an
    exception in an ignore file, an import that runs later, a new base image. It is shown apart, on standard
    error, and made with `--unsafe` only. `parity fix | git apply` makes the edits, too.

    Exit status: 1 as long as the files on disk have errors, else 0; 2 the question could not be answered.
    With `--check`: 1 if there is something to edit.

    Examples:
    - `parity fix`: shows the edits
    - `parity fix --write`: makes them
    - `parity fix --unsafe`: shows all of them as one diff
    - `parity fix --only PAR101 | git apply`: makes those of one rule
    - `parity fix --only PAR301 --unsafe --alternative 2`: the second way out of a cycle
    """
    settings = options.settings()
    from parity import pipeline
    from parity.cli import failures
    from parity.cli.output import style_of, write_bytes
    from parity.formats import diff
    from parity.model.change import Choice

    fixes = pipeline.fix(settings, Choice(rule_codes("--only", only), unsafe, alternative or 0))
    if check:
        failures.end(fixes.before.failures, settings.notes)
        if not options.quiet:
            send("".join(f"{safe(change.path)}\n" for change in fixes.changes))
        raise typer.Exit(1 if fixes.changes else 0)
    shown, base = _from_here(fixes.changes, settings)
    if write:
        for change in fixes.changes:
            place = settings.root / change.path
            replace_file(place, change.path, change.after, within=settings.root, before=change.before)
            if not options.quiet:
                send(_made(change))
    elif options.quiet:
        pass
    elif options.output is None and (sys.stdout.isatty() or options.color is Color.ALWAYS):
        send(diff.render_for_people(shown, style_of(options.color, None)))
    else:
        write_bytes(diff.render(shown), options.output, settings.root)
    if not options.quiet:
        further, _ = _from_here(fixes.unsafe, settings)
        plain = diff.render_for_people(further, style_of(Color.NEVER, None))
        sys.stderr.write(_told(fixes, write=write) + _unsafe(fixes, plain))
        if base is not None and fixes.changes and not write:
            sys.stderr.write(f"the paths are relative to {safe(str(base))}\n")
    report = fixes.after if write else fixes.before
    failures.end(report.failures, settings.notes)
    raise typer.Exit(1 if report.count(Severity.ERROR) else 0)


def _from_here(changes: tuple[Change, ...], settings: Settings) -> tuple[tuple[Change, ...], Path | None]:
    """The changes with paths as `git apply` takes them in the current folder.

    It takes none above that folder: then they are relative to the project root, which is told.
    """
    here = Path.cwd()
    paths = {one.path: os.path.relpath(settings.root / one.path, here) for one in changes}
    if any(path.startswith("..") for path in paths.values()):
        return changes, settings.root
    return tuple(replace(one, path=Path(paths[one.path]).as_posix()) for one in changes), None


def _made(change: Change) -> str:
    """The file, and what was done in it, each thing once."""
    lines = dict.fromkeys(
        safe(f"  {one.finding.code} {one.finding.message}: {one.remedy.text}") for one in change.done
    )
    return "\n".join((f"edited {safe(change.path)}", *lines)) + "\n"


def _unsafe(fixes: Fixes, diff: str) -> str:
    """What only `--unsafe` makes."""
    if not fixes.unsafe:
        return ""
    done = {one.finding.fingerprint: one for change in fixes.unsafe for one in change.done}
    lines = dict.fromkeys(
        safe(f"  {one.finding.code} {one.finding.message}: {one.remedy.text}") for one in done.values()
    )
    head = f"{_findings(len(done))} more with --unsafe, which changes more than what is missing:\n"
    return head + "".join(f"{line}\n" for line in lines) + diff


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
