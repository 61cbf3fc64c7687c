"""Public installers that are piped into a shell: they bring their tool, and change nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.test_findings import told

DOCKERFILE = """
FROM python:3.12
WORKDIR {folder}
RUN {step}
ENV PATH=/root/.local/bin:$PATH
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
CMD ["python", "main.py"]
"""
KNOWN = [
    "curl -LsSf https://astral.sh/uv/install.sh | sh",
    "curl -LsSf https://astral.sh/uv/0.9.2/install.sh | env UV_INSTALL_DIR=/opt/uv sh",
    "wget -qO- https://astral.sh/uv/install.sh | sh",
    "curl -sSL https://install.python-poetry.org | POETRY_HOME=/opt/poetry python3 -",
    "curl -fsSL https://deb.nodesource.com/setup_22.x | bash -",
    "curl --proto '=https' -sSf https://sh.rustup.rs | sh -s -- -y",
]


def codes(folder: Path, step: str, requirement: str, place: str = "/") -> list[str]:
    dockerfile = DOCKERFILE.format(step=step, folder=place)
    files = {"main.py": "import flask\n", "requirements.txt": f"{requirement}\n", "Dockerfile": dockerfile}
    return [finding["code"] for finding in told(folder, files)]


@pytest.mark.parametrize("place", ["/", "/app"])
@pytest.mark.parametrize("step", KNOWN)
def test_what_a_known_installer_does_hides_no_missing_package(tmp_path: Path, step: str, place: str) -> None:
    assert codes(tmp_path, step, "flask==3.1.0", place) == []
    assert codes(tmp_path, step, "redis==5.0.0", place) == ["PAR201"]


@pytest.mark.parametrize(
    "step",
    [
        "curl -sSL https://example.org/install.sh | sh",
        "curl -sSL https://astral.sh.example.org/uv/install.sh | sh",
    ],
)
def test_a_script_that_nobody_knows_may_install_anything(tmp_path: Path, step: str) -> None:
    assert codes(tmp_path, step, "redis==5.0.0") == []


@pytest.mark.parametrize("place", ["/root/.local/bin/uv", "/opt/uv"])
def test_the_tool_may_be_copied_from_the_stage(tmp_path: Path, place: str) -> None:
    dockerfile = f"""
FROM debian:12 AS tools
ENV UV_INSTALL_DIR=/opt/uv
RUN {KNOWN[0]}
FROM python:3.12-slim
COPY --from=tools {place} /tools/
COPY main.py .
CMD ["python", "main.py"]
"""
    assert told(tmp_path, {"main.py": "", "Dockerfile": dockerfile}) == []
