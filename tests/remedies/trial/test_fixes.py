"""An edit ends its finding, and no other comes: tried on all conformance cases, whose images a real engine built."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity import pipeline
from parity.cli.options import Options
from parity.model.change import Choice
from parity.model.errors import ParityError
from parity.model.finding import Severity
from parity.model.report import Report
from parity.remedies.trial.findings import Key, all_findings
from tests.conformance.case import FOLDER, read_case

CASES = sorted(FOLDER.glob("*.txt"))


def found(report: Report) -> set[Key]:
    return {key for key, finding in all_findings(report) if finding.severity is not Severity.INFO}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_its_findings_are_gone_and_no_new_one_is_there(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    folder = case.lay_out(tmp_path)
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
    fixes = pipeline.fix(settings, Choice(unsafe=True))
    before, after = found(fixes.before), found(fixes.after)
    assert after <= before
    done = {one.finding.fingerprint for change in fixes.changes for one in change.done}
    assert not done & {finding.fingerprint for _, finding in all_findings(fixes.after)}
    assert bool(fixes.changes) == bool(fixes.resolved)
