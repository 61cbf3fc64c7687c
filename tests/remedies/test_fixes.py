"""Every edit that a finding names ends it: tried on all conformance cases, whose images a real engine built."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity import pipeline
from parity.cli.options import Options
from parity.model.errors import ParityError
from parity.model.finding import Severity
from parity.model.report import Report
from parity.tree.base import Entry
from tests.conformance.case import FOLDER, Case, read_case

CASES = sorted(FOLDER.glob("*.txt"))


def written(case: Case, folder: Path) -> Path:
    for name, what in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if what is None:
            path.mkdir(exist_ok=True)
        elif isinstance(what, Entry):
            path.symlink_to(what.target)
        else:
            path.write_bytes(what.encode("utf8", "surrogateescape"))
    return folder


def fingerprints(report: Report, *, with_edits: bool = False) -> list[str]:
    return [
        finding.fingerprint
        for image in report.images
        for finding in image.findings
        if finding.edits or not with_edits
    ]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_its_findings_are_gone_and_no_new_one_is_there(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    folder = written(case, tmp_path)
    context = case.one("context")
    pairs = [f"{name}={value}" for name, value in case.build_args.items()]
    try:
        settings = Options(
            path=folder,
            dockerfile=[case.dockerfile],
            context=context,
            target=case.one("target"),
            build_arg=pairs,
        ).settings()
    except ParityError:
        return  # a Dockerfile that is not there
    fixes = pipeline.fix(settings)
    before, after = fingerprints(fixes.before), fingerprints(fixes.after)
    assert set(after) <= set(before) - set(fingerprints(fixes.before, with_edits=True))
    assert fixes.after.count(Severity.ERROR) <= fixes.before.count(Severity.ERROR)
    assert bool(fixes.changes) == bool(fixes.resolved)
    assert {finding.code for finding in fixes.resolved if not finding.edits} <= {"PAR301", "PAR302"}
