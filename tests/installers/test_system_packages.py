"""Packages of Python that the system's package manager brings, and those that pip adds to its Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parity.packages.system_names import distributions_of
from parity.packages.system_python import find_release
from tests.conftest import ask

APT = "apt-get update && apt-get install -y --no-install-recommends python3 python3-pip python3-requests"
DOCKERFILE = """\
FROM {base}
RUN {install}
WORKDIR /app
COPY requirements.txt .
RUN pip3 install --break-system-packages -r requirements.txt
COPY main.py .
CMD ["python3", "main.py"]
"""


def codes_and_modules(folder: Path) -> tuple[str, list[tuple[str, str, str]]]:
    """The image's Python, and (code, module, confidence) of each error."""
    (image,) = json.loads(ask("check", str(folder), "--format", "json").out)["images"]
    errors = [one for one in image["findings"] if one["severity"] == "error"]
    return image["python"], [(one["code"], one["module"], one["confidence"]) for one in errors]


@pytest.mark.parametrize(
    ("base", "install", "python"),
    [
        ("ubuntu:22.04", APT, "3.10"),
        ("ubuntu:jammy", APT.replace("python3 python3-pip", "python3-pip"), "3.10"),
        ("debian:12-slim", APT, "3.11"),
        ("nvidia/cuda:12.1.0-base-ubuntu20.04", APT, "3.8"),
        ("alpine:3.20.3", "apk add --no-cache py3-pip py3-requests", "3.12"),
        ("fedora:41", "dnf install -y python3-pip python3-requests", "3.13"),
        ("registry.access.redhat.com/ubi9/ubi-minimal:9.4", "microdnf install -y python3-pip", "3.9"),
        ("rockylinux/rockylinux:9", "dnf install -y python3-pip", "3.9"),
        ("amazonlinux:2023", "dnf install -y python3-pip", "3.9"),
    ],
)
def test_what_the_package_manager_and_pip_bring(tmp_path: Path, base: str, install: str, python: str) -> None:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE.format(base=base, install=install))
    (tmp_path / "requirements.txt").write_text("flask\n")
    (tmp_path / "main.py").write_text(
        "import flask\nimport redis\n" + ("import requests\n" if "requests" in install else "")
    )
    assert codes_and_modules(tmp_path) == (python, [("PAR201", "redis", "likely")])


def test_a_python_of_another_number(tmp_path: Path) -> None:
    install = "apt-get install -y python3.11 python3.11-venv && python3.11 -m venv /venv && /venv/bin/pip install flask"
    (tmp_path / "Dockerfile").write_text(
        f'FROM ubuntu:22.04\nRUN {install}\nCOPY main.py /\nCMD ["/venv/bin/python", "/main.py"]\n'
    )
    (tmp_path / "main.py").write_text("import flask\nimport redis\n")
    assert codes_and_modules(tmp_path) == ("3.11", [("PAR201", "redis", "likely")])


@pytest.mark.parametrize(("base", "lacks"), [("ubuntu:18.04", False), ("ubuntu:22.04", True)])
def test_whether_another_package_may_need_python_2(tmp_path: Path, base: str, lacks: bool) -> None:
    (tmp_path / "Dockerfile").write_text(
        f'FROM {base}\nRUN apt-get install -y npm python3\nCOPY main.py /\nCMD ["python", "/main.py"]\n'
    )
    (tmp_path / "main.py").write_text("")
    _, errors = codes_and_modules(tmp_path)
    assert [code for code, _, _ in errors] == ["PAR602"] * lacks


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("python3 python3-dev python3-venv gcc", []),
        ("python3-yaml python3-pil python3-opencv", ["pyyaml", "pillow", "opencv-python"]),
        ("python3-psycopg2 py3-lxml=5.1 python39-numpy", ["psycopg2", "lxml", "numpy"]),
        ("supervisor nginx", ["supervisor"]),
    ],
)
def test_names_of_the_system(words: str, names: list[str]) -> None:
    found = [one.name for one in distributions_of(words.split())]
    assert [name for name in found if name in names] == names
    assert bool(found) is bool(names)


def test_the_release_of_a_tag() -> None:
    assert find_release("debian", "bookworm-slim") == find_release("debian", "12.8")
    assert find_release("ubuntu", "latest") is None
    assert find_release("alpine", "3.2") is None
    assert find_release("alpine", "edge__x") is None
