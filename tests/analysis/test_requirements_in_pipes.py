"""Requirements that come through pipes, substitutions and filters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ask

PROJECT = """\
[project]
name = "shop"
version = "1"
dependencies = ["requests"]
[dependency-groups]
dev = ["pyyaml"]
"""
LOCK = """\
version = 1
[[package]]
name = "requests"
version = "2.32.3"
[[package]]
name = "pyyaml"
version = "6.0.2"
[[package]]
name = "shop"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "requests" }]
[package.dev-dependencies]
dev = [{ name = "pyyaml" }]
"""


@pytest.mark.parametrize(
    ("step", "missing"),
    [
        ("uv export --frozen --no-dev | pip install -r /dev/stdin", ["flask", "yaml"]),
        ("uv export --frozen --no-dev --no-hashes | xargs pip install", ["flask", "yaml"]),
        ("pip install $(uv export --frozen --no-dev --no-hashes)", ["flask", "yaml"]),
        ("pip install -r <(uv export --frozen --no-dev)", ["flask", "yaml"]),
        ("pip install -r <(cat requirements.txt)", ["yaml"]),
        ("cat requirements.txt | grep -v torch | pip install -r /dev/stdin", ["yaml"]),
        (
            "grep -vE '^(torch|flask)' requirements.txt > less.txt && pip install -r less.txt",
            ["flask", "yaml"],
        ),
        ("sed '/^flask/d' requirements.txt > less.txt && pip install -r less.txt", ["flask", "yaml"]),
        ("pip install $(grep -v '^#' requirements.txt) pyyaml", []),
        ("grep -v '^#' requirements.txt | xargs -n 1 pip install", ["yaml"]),
        ("head -n 1 requirements.txt | xargs pip install", ["requests", "yaml"]),
        ("source <(echo NAME=pyyaml) && pip install flask requests $NAME", []),
        ("pip install -r <(curl -s https://shop.example/list.txt)", []),
        ("bash <(curl -s https://shop.example/install.sh)", []),
    ],
)
def test_what_is_installed(tmp_path: Path, step: str, missing: list[str]) -> None:
    lines = ["FROM python:3.12", 'SHELL ["/bin/bash", "-c"]', "WORKDIR /app", "COPY . .", f"RUN {step}"]
    (tmp_path / "Dockerfile").write_text("\n".join([*lines, 'CMD ["python", "main.py"]\n']))
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "uv.lock").write_text(LOCK)
    (tmp_path / "requirements.txt").write_text("flask\nrequests\n# here\ntorch==2.0\n")
    (tmp_path / "main.py").write_text("import requests, flask, yaml\n")
    (image,) = json.loads(ask("check", str(tmp_path), "--format", "json").out)["images"]
    assert sorted(one["module"] for one in image["findings"]) == missing
