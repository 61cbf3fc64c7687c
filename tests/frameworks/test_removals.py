"""One file is taken away from a small application of a real framework: what was seen then, parity tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.case import Case
from tests.support.removals import CASES, judge, really, recorded, removable, told, untold

by_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


@by_case
def test_each_removal_is_told_as_it_is(tmp_path: Path, case: Case) -> None:
    truth = recorded(case)
    assert list(truth) == removable(case)
    judged = {
        removed: judge(seen, told(case, removed, tmp_path / str(number)))
        for number, (removed, seen) in enumerate(truth.items())
    }
    assert [removed for removed, verdict in judged.items() if verdict in ("false", "early")] == []
    assert {removed for removed, verdict in judged.items() if verdict == "untold"} == set(untold(case))


@by_case
def test_nothing_is_told_of_the_whole(tmp_path: Path, case: Case) -> None:
    assert told(case, "", tmp_path).findings == ()


def test_nearly_all_are_told() -> None:
    failing = sum(bool(seen.fails) for case in CASES for seen in recorded(case).values())
    assert sum(len(untold(case)) for case in CASES) <= failing * 0.05


@pytest.mark.framework
@by_case
def test_the_framework_still_does_so(tmp_path: Path, case: Case) -> None:
    """One removal of each kind, and none; `scripts/record_removals.py` runs all."""
    truth = recorded(case)
    examples = {seen.fails: removed for removed, seen in reversed(truth.items())}
    assert really(case, "", tmp_path / "whole").fails == ""
    for fails, removed in examples.items():
        assert really(case, removed, tmp_path / (fails or "none")).fails == fails, removed
