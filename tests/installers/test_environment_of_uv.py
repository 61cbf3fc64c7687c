"""The environment that uv makes: of the system's Python, although its own folder stands on PATH first."""

from __future__ import annotations

from pathlib import Path

from tests.support.checked import told

DOCKERFILE = """\
FROM python:3.12-slim
COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/
ENV PATH=/opt/venv/bin:$PATH VIRTUAL_ENV=/opt/venv UV_PROJECT_ENVIRONMENT=/opt/venv
RUN apt-get update && apt-get install -y gcc
WORKDIR /src
COPY . .
RUN uv sync --no-editable
WORKDIR /
CMD ["gunicorn", "shop.app"]
"""
PROJECT = """\
[project]
name = "shop"
version = "1"
dependencies = ["gunicorn"]
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""


def test_an_environment_behind_a_step_that_may_write_to_opt(tmp_path: Path) -> None:
    files = {
        "Dockerfile": DOCKERFILE,
        "pyproject.toml": PROJECT,
        "shop/__init__.py": "",
        "shop/app.py": "import shop.keys\napplication = print\n",
        "shop/keys.py": "",
    }
    assert told(tmp_path, files) == []
    expected = ["error PAR101 start shop.keys at shop/app.py:1"]
    assert told(tmp_path, {".dockerignore": "**/keys.py\n"}) == expected
