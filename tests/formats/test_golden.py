"""What each format makes of known reports, to the letter. `scripts/write_golden.py` writes what is expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.formats.choice import names
from tests.conftest import ROOT, ask
from tests.formats.reports import CASES, GRAPHS, rendered, rendered_graph

GOLDEN = ROOT / "fixtures/golden"


@pytest.mark.parametrize("name", names("report"))
@pytest.mark.parametrize("case", CASES)
def test_reports(case: str, name: str) -> None:
    assert rendered(case, name) == (GOLDEN / "report" / name / f"{case}.txt").read_text("utf8")


@pytest.mark.parametrize("name", names("graph"))
@pytest.mark.parametrize("case", GRAPHS)
def test_graphs(case: str, name: str) -> None:
    assert rendered_graph(case, name) == (GOLDEN / "graph" / name / f"{case}.txt").read_text("utf8")


def test_every_golden_file_is_looked_at() -> None:
    expected = {Path("report") / name / f"{case}.txt" for name in names("report") for case in CASES}
    expected |= {Path("graph") / name / f"{case}.txt" for name in names("graph") for case in GRAPHS}
    assert {path.relative_to(GOLDEN) for path in GOLDEN.rglob("*.*")} == expected


def test_a_format_is_a_file_of_its_name() -> None:
    folder = ROOT / "parity/formats/report"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert set(names("report")) == files
    assert files >= {"text", "json", "sarif", "github", "gitlab", "junit", "html"}
    told = ask("check", "--format", "nonsense").err
    assert all(f"'{name}'" in told for name in files)
