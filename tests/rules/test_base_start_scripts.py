"""Images whose start command is a script of their base image: what it imports is checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.test_rules import findings_of

BASE = "FROM tiangolo/uvicorn-gunicorn-fastapi:python3.10\n"
GONE = "from app import gone\napp = 1\n"


@pytest.mark.parametrize(
    ("dockerfile", "files"),
    [
        (f"{BASE}COPY app /app/app\n", {"app/main.py": GONE}),
        (f"{BASE}COPY app/main.py /app/main.py\nCOPY app /app/app\n", {"app/main.py": GONE}),
        (f"{BASE}ENV MODULE_NAME=app.web\nCOPY app /app/app\n", {"app/web.py": GONE, "app/main.py": ""}),
        (f"{BASE}ENV APP_MODULE=app.web:app\nCOPY app /app/app\n", {"app/web.py": GONE, "app/main.py": ""}),
        (
            f"{BASE}COPY app /app/app\nCOPY prestart.sh /app/\n",
            {"app/main.py": "app = 1\n", "app/before.py": GONE, "prestart.sh": "python -m app.before\n"},
        ),
        (
            f'{BASE}COPY app /app/app\nCMD ["/start-reload.sh"]\n',
            {"app/main.py": GONE},
        ),
        (
            f"{BASE}COPY app /app/app\n",
            {"app/main.py": "app = 1\n", "app/gunicorn_conf.py": GONE},
        ),
    ],
)
def test_what_the_script_starts_is_checked(tmp_path: Path, dockerfile: str, files: dict[str, str]) -> None:
    (tmp_path / "app").mkdir()
    for name, text in {"Dockerfile": dockerfile, "app/__init__.py": "", **files}.items():
        (tmp_path / name).write_text(text)
    found = findings_of(tmp_path)
    assert {(one["code"], one["confidence"], one["message"]) for one in found} == {
        ("PAR105", "certain", "app does not define gone")
    }
