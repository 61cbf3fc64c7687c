"""A start command is judged by the packages of the environment that it starts in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.test_rules import findings_of

PROJECT = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["flask"]\n'
POETRY = f"{PROJECT}[tool.poetry]\npackage-mode = false\n"
PIPFILE = '[packages]\nflask = "*"\n'
LOCK = '{"_meta": {}, "default": {"flask": {"version": "==3.1.0"}}, "develop": {}}\n'

STARTS = {
    "a program of .venv, by its path": (
        "RUN pip install uv && uv venv && uv pip install -r pyproject.toml\nCMD .venv/bin/flask --app main run",
        {"pyproject.toml": PROJECT},
    ),
    "a program of a virtual environment, by its path": (
        "RUN python -m venv /opt/env && /opt/env/bin/pip install flask\nCMD /opt/env/bin/flask --app main run",
        {},
    ),
    "poetry's own environment": (
        "RUN pip install poetry && poetry install\nCMD poetry run flask --app main run",
        {"pyproject.toml": POETRY},
    ),
    "poetry's environment in the project": (
        "RUN pip install poetry && poetry config virtualenvs.in-project true && poetry install\n"
        'CMD ["poetry", "run", "flask", "--app", "main", "run"]',
        {"pyproject.toml": POETRY},
    ),
    "a script of the project in poetry's environment": (
        'RUN pip install poetry && poetry install\nCMD ["poetry", "run", "shop"]',
        {"pyproject.toml": f'{POETRY}[tool.poetry.scripts]\nshop = "main:app.run"\n'},
    ),
    "pipenv's environment in the project": (
        "ENV PIPENV_VENV_IN_PROJECT=1\nRUN pip install pipenv && pipenv sync\nCMD pipenv run flask --app main run",
        {"Pipfile": PIPFILE, "Pipfile.lock": LOCK},
    ),
    "pdm's environment": (
        "RUN pip install pdm && pdm install --no-self\nCMD pdm run flask --app main run",
        {"pyproject.toml": PROJECT},
    ),
}


def found(folder: Path, name: str, source: str) -> list[tuple[str, str]]:
    lines, files = STARTS[name]
    dockerfile = f"FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n{lines}\n"
    for path, text in {**files, "Dockerfile": dockerfile, "main.py": source}.items():
        (folder / path).write_text(text, "utf8")
    return [(finding["code"], finding["module"]) for finding in findings_of(folder)]


@pytest.mark.parametrize("name", STARTS)
def test_what_the_environment_has_is_found(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, name, "import flask\napp = flask.Flask(__name__)\n") == []


@pytest.mark.parametrize("name", [name for name in STARTS if "pipenv" not in name])
def test_what_it_lacks_is_told(tmp_path: Path, name: str) -> None:
    assert ("PAR201", "celery") in found(tmp_path, name, "import celery\napp = celery.Celery()\n")


@pytest.mark.parametrize(
    ("installed", "expected"),
    [("uv uvicorn", []), ("uv uvicorn fastapi", []), ("uv", ["PAR201", "PAR602"])],
)
def test_a_program_that_the_environment_lacks_is_looked_for_further_along_path(
    tmp_path: Path, installed: str, expected: list[str]
) -> None:
    """`uv run` puts the environment in front of PATH, and starts what it finds there."""
    (tmp_path / "Dockerfile").write_text(
        f"FROM python:3.12-slim\nWORKDIR /app\nRUN pip install {installed}\nCOPY . .\n"
        'CMD ["uv", "run", "uvicorn", "main:app"]\n'
    )
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "main.py").write_text("import fastapi\napp = fastapi.FastAPI()\n")
    assert sorted(one["code"] for one in findings_of(tmp_path)) == expected


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32", "latin-1"])
def test_requirements_are_read_in_the_encoding_that_they_tell(tmp_path: Path, encoding: str) -> None:
    """PowerShell's `pip freeze > requirements.txt` writes UTF-16."""
    text = "# of the caf\xe9 -*- coding: latin-1 -*-\nflask==3.1.0\n"
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    (tmp_path / "requirements.txt").write_bytes((mark + text).encode(encoding))
    (tmp_path / "Dockerfile").write_text(
        "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD python main.py\n"
    )
    (tmp_path / "main.py").write_text("import flask\nimport celery\n")
    assert [(one["code"], one["module"]) for one in findings_of(tmp_path)] == [("PAR201", "celery")]


def test_uv_build_leaves_archives_where_it_is_told_to(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(
        "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n"
        'RUN pip install uv\nRUN uv build --sdist --out-dir made && mv "made/shop-"*".tar.gz" made/shop.tar.gz\n'
        "RUN useradd -mU clerk\nRUN mkdir /home/clerk/.shop\nCMD python main.py\n"
    )
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "main.py").write_text("import gone\n")
    assert [(one["code"], one["module"]) for one in findings_of(tmp_path)] == [("PAR104", "gone")]
