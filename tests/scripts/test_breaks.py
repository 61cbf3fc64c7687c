"""The harness that breaks healthy checkouts, on a healthy one: each break is made, told, and undone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from scripts.breaks import KINDS, Answer, Break, apply, ask, examine, outcome, services_of, without_package

HEALTHY = Path(__file__).parents[2] / "fixtures" / "incident" / "healthy"
MADE = (
    "an ignore line over a module",
    "an ignore line over a package",
    "a COPY dropped",
    "a module renamed",
    "a name renamed",
    "the wrong module started",
    "a Python too old",
)
"""The fixture has no package, no data file, no compose file, one stage, and sets PYTHONPATH."""


def test_each_break_of_a_healthy_service_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    table: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    examine(HEALTHY, 1, Random(0), table)
    assert {kind: +counts for kind, counts in table.items()} == {
        kind: Counter({"told" if kind in MADE else "not applied": 1}) for kind in KINDS
    }
    assert "error before" not in capsys.readouterr().out


def test_only_what_is_imported_for_sure_is_broken(tmp_path: Path) -> None:
    main = """
import plain
try:
    import guarded
except ImportError:
    pass

def later():
    import deferred
"""
    files = {"plain.py": "import below\n", "below.py": "", "guarded.py": "", "deferred.py": ""}
    dockerfile = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'
    for name, text in {**files, "main.py": main, "Dockerfile": dockerfile}.items():
        (tmp_path / name).write_text(text)
    (service,) = services_of(tmp_path, ask("check", tmp_path).report)
    assert service.sure == ["plain", "below"]


def test_edits_are_undone(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("a")
    (tmp_path / "b.py").write_text("b")
    undo = apply(tmp_path, {"a.py": None, "b.py": "changed", "c/d.py": ""})
    assert not (tmp_path / "a.py").exists()
    apply(tmp_path, undo)
    assert {p.name: p.read_text() for p in tmp_path.iterdir() if p.is_file()} == {"a.py": "a", "b.py": "b"}
    assert not (tmp_path / "c" / "d.py").exists()


@pytest.mark.parametrize(
    ("path", "text", "rest"),
    [
        ("requirements.txt", "flask==3\nFlask-Login\nredis\n", "Flask-Login\nredis\n"),
        (
            "requirements.txt",
            "redis==5 \\\n  --hash=a\nflask[async] \\\n  --hash=b\n",
            "redis==5 \\\n  --hash=a\n",
        ),
        ("pyproject.toml", 'dependencies = ["flask>=3", "redis"]\n', 'dependencies = [ "redis"]\n'),
        (
            "uv.lock",
            '[[package]]\nname = "flask"\n\n[[package]]\nname = "x"\ndependencies = [\n    { name = "flask" },\n]\n',
            '[[package]]\nname = "x"\ndependencies = [\n]\n',
        ),
    ],
)
def test_a_package_is_taken_out_of_its_declarations(path: str, text: str, rest: str) -> None:
    assert without_package(path, text, "flask") == rest


def _finding(severity: str, module: str) -> dict[str, object]:
    place = {"path": "main.py", "line": 1}
    return {"code": "PAR101", "severity": severity, "message": f"{module} is missing", "location": place}


@pytest.mark.parametrize(
    ("findings", "verdict", "costs", "expected"),
    [
        ([_finding("error", "shop")], "fails", [], "told"),
        ([_finding("error", "other")], "fails", [], "elsewhere"),
        ([_finding("warning", "shop")], "ok", [], "warning"),
        ([_finding("warning", "other")], "ok", [], "silent"),
        ([_finding("error", "old")], "fails", [], "silent"),
        ([], "unchecked", [], "unchecked"),
        ([], "ok", ["shop"], "unchecked"),
    ],
)
def test_what_an_answer_comes_to(
    findings: list[dict[str, object]], verdict: str, costs: list[str], expected: str
) -> None:
    image = {"dockerfile": "Dockerfile", "target": None, "service": None, "names": []}
    before = {**image, "findings": [_finding("error", "old")]}
    after = {**image, "findings": findings, "verdict": verdict, "unknowns": [{"costs": costs}]}
    assert outcome(before, Answer({"images": [after]}, "", 0), Break("", {}, ("shop",))) == expected


def test_a_build_that_is_refused_tells_of_the_break() -> None:
    image = {"dockerfile": "Dockerfile", "target": None, "service": None, "names": []}
    assert outcome(image, Answer({}, "Dockerfile:3: no such stage", 0), Break("", {}, ())) == "told"
