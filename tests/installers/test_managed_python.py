"""The interpreters that uv downloads may be copied from one stage into another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.test_findings import told

DOCKERFILE = """
FROM ghcr.io/astral-sh/uv:bookworm-slim AS builder
{before}
WORKDIR /app
RUN {step}
FROM python:3.12-slim
COPY --from=builder {folder} {folder}
WORKDIR /app
COPY main.py .
CMD ["python", "main.py"]
"""


def codes(folder: Path, step: str, place: str, before: str = "") -> list[str]:
    dockerfile = DOCKERFILE.format(before=before, step=step, folder=place)
    files = {"main.py": "", "Dockerfile": dockerfile, ".dockerignore": "", "uv.lock": "version = 1\n"}
    return [finding["code"] for finding in told(folder, files)]


@pytest.mark.parametrize(
    ("step", "place", "before"),
    [
        ("uv python install 3.12", "/python", "ENV UV_PYTHON_INSTALL_DIR=/python"),
        ("uv python install --install-dir /python 3.12", "/python", ""),
        ("uv python install -i python 3.12", "/app/python", ""),
        ("uv python install 3.12", "/root/.local/share/uv/python", ""),
        ("uv venv --managed-python", "/python", "ENV UV_PYTHON_INSTALL_DIR=/python"),
    ],
)
def test_the_folder_of_downloaded_interpreters_may_be_there(
    tmp_path: Path, step: str, place: str, before: str
) -> None:
    assert codes(tmp_path, step, place, before) == []


def test_another_folder_is_not(tmp_path: Path) -> None:
    assert codes(tmp_path, "uv python install 3.12", "/python") == ["PAR601"]


LOCK = """version = 1
[[package]]
name = "flask"
version = "3.0.0"
source = { registry = "https://pypi.org/simple" }
[[package]]
name = "x"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "flask" }]
"""


@pytest.mark.parametrize("step", ["make tools", "make tools && cp bin/tool /usr/bin/tool"])
def test_an_environment_is_made_anew_behind_a_step_that_may_have_written_there(
    tmp_path: Path, step: str
) -> None:
    files = {
        "Dockerfile": f"FROM ubuntu:22.04\nRUN {step}\nWORKDIR /app\n"
        "COPY --from=ghcr.io/astral-sh/uv:0.11 /uv /usr/local/bin/\nCOPY pyproject.toml uv.lock .python-version ./\n"
        'RUN uv sync\nENV PATH="/app/.venv/bin:$PATH"\nCOPY main.py .\nCMD ["python", "main.py"]\n',
        "pyproject.toml": "[project]\nname = 'x'\nversion = '1'\ndependencies = ['flask']\n",
        "uv.lock": LOCK,
        ".python-version": "3.13\n",
        "main.py": "from typing import NotRequired\nimport flask, yaml\n",
    }
    assert [(one["code"], one["module"]) for one in told(tmp_path, files)] == [("PAR201", "yaml")]
