"""Trials end sooner where a check takes long: each of them is one more."""

from __future__ import annotations

from pathlib import Path

from parity import pipeline
from parity.cli.options import Options
from parity.model.report import Report
from parity.remedies.trial import offered
from parity.startup.state import budget
from tests.support.reading import DOCKERFILE

GONE = 6
LOOPS = "def f(n):\n    return f(n - 1) + f(n - 1) if n else 0\nf(30)\n"


def checks(folder: Path, code: str, monkeypatch) -> int:
    """How often all is checked to find the edits of the modules that are ignored."""
    folder.mkdir()
    (folder / "Dockerfile").write_text(DOCKERFILE)
    names = [f"gone{n}" for n in range(GONE)]
    (folder / ".dockerignore").write_text("".join(f"{name}.py\n" for name in names))
    for name in names:
        (folder / f"{name}.py").write_text("")
    (folder / "main.py").write_text("".join(f"import {name}\n" for name in names) + code)
    settings = Options(path=folder).settings()
    asked: list[Report] = []

    def counted(*arguments: object, **named: object) -> Report:
        asked.append(whole(*arguments, **named))
        return asked[-1]

    report = pipeline.check(settings)
    whole = pipeline.check
    monkeypatch.setattr(pipeline, "check", counted)
    pipeline.with_edits(settings, report)
    monkeypatch.setattr(pipeline, "check", whole)
    return len(asked)


def test_a_start_up_at_its_bound_is_checked_less_often(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(budget, "MOST_STEPS", 5_000)
    assert checks(tmp_path / "usual", "", monkeypatch) > GONE
    most = offered.MOST_CHECKS // 11 + 2  # the first check is none that tries an edit
    assert checks(tmp_path / "dear", LOOPS, monkeypatch) <= most
