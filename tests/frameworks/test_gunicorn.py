"""Functions of gunicorn's configuration that are called before it serves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked import told

FILES = {
    "web.py": "def app(environ, start_response):\n    pass\n",
    "metrics.py": "",
    "Dockerfile": (
        "FROM python:3.12-slim\nWORKDIR /app\nRUN pip install gunicorn\nCOPY . .\nCMD gunicorn -c {} web:app\n"
    ),
    ".dockerignore": "metrics.py\n",
}
HOOK = "def {}(*given):\n    import metrics\n"


@pytest.mark.parametrize("config", ["conf.py", "python:conf"])
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("on_starting", "error PAR101 start"),
        ("post_fork", "error PAR101 start"),
        ("post_worker_init", "error PAR101 start"),
        ("worker_exit", "warning PAR102 later"),
    ],
)
def test_what_a_hook_imports(tmp_path: Path, config: str, name: str, expected: str) -> None:
    files = {**FILES, "conf.py": HOOK.format(name), "Dockerfile": FILES["Dockerfile"].format(config)}
    assert told(tmp_path, files) == [f"{expected} metrics at conf.py:2"]
