"""An image without findings: what is said of its imports."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import ask


def test_no_more_is_said_than_is_known(project: Path) -> None:
    assert "ok 1 module reached, all imports found" in ask("check", str(project)).out
    (project / "Makefile").write_text("")
    (project / "Dockerfile").write_text(
        'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN make\nCMD ["python", "main.py"]\n'
    )
    assert "ok 1 module reached, no import is known to fail" in ask("check", str(project)).out
