"""An image without findings: what is said of its imports."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import ask


def test_no_more_is_said_than_is_known(project: Path) -> None:
    assert "ok 1 module reached, all imports found" in ask("check", str(project)).out
    (project / "main.py").write_text("import os\nfrom shop import built\n")
    (project / "shop").mkdir()
    (project / "shop/__init__.py").write_text("")
    image = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN {}\nCMD ["python", "main.py"]\n'
    (project / "Dockerfile").write_text(image.format("make"))
    answer = ask("check", str(project))
    assert (
        "not checked whether shop.built is there: what make does to the files is not known (Dockerfile:4)"
        in answer.out
    )
    assert "not checked: 1 module of the project may be missing" in answer.out
    assert " ok " not in answer.out
    assert (answer.status, ask("check", str(project), "--fail-on", "unchecked").status) == (0, 1)
    # a step that cannot make a module of the project leaves nothing open
    (project / "Dockerfile").write_text(image.format("npm run build"))
    assert "error PAR105" in ask("check", str(project)).out
