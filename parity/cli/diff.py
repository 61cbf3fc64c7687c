"""What was found in a git revision already, asked in the same way as now."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from parity.cli.options import Options
from parity.cli.revision import files_of
from parity.config.asked import STANDARD_INPUT
from parity.config.settings import Settings
from parity.model.errors import ParityError
from parity.rules.suppression.baseline import Baseline, known_of
from parity.tree.reader import is_file


def found_in(revision: str, options: Options, now: Settings) -> Baseline:
    """The findings of the revision, as known ones. `now`: what the options come to in the checkout.

    Raises ParityError where git knows no such revision.
    """
    from parity import pipeline

    dockerfiles = options.dockerfile or []
    if STANDARD_INPUT in dockerfiles:
        raise ParityError("--diff compares files, and -f - is none", hint="leave one of them out")
    if is_file(options.path):
        place = options.path.parent.resolve() / options.path.name
        dockerfiles = [place.relative_to(now.folder).as_posix(), *dockerfiles]
    with files_of(now.folder, revision) as then:
        try:
            before = replace(options, path=then, dockerfile=dockerfiles or None).settings(_environment(now))
        except ParityError:  # there was no Dockerfile yet, or no such folder
            return Baseline()
        same = replace(
            before,
            select=now.select,
            ignore=now.ignore,
            bases=now.bases,
            imports=now.imports,
            severities=now.severities,
            ignored_in=now.ignored_in,
            heeds_comments=now.heeds_comments,
        )
        report = pipeline.check(same)
    return Baseline(known=known_of(finding for image in report.images for finding in image.findings))


def _environment(now: Settings) -> Path | None:
    """The virtual environment that is asked now: git has none."""
    if now.python_environment is not None:
        return now.python_environment
    near = (now.folder / name for name in (".venv", "venv", "env"))
    return next((folder for folder in near if is_file(folder / "pyvenv.cfg")), None)
