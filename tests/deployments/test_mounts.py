"""What a service mounts over its image: what that hides, what it brings, and what it leaves alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import ask

DOCKERFILE = "FROM python:3.12-slim\nWORKDIR /app\nCOPY shop shop\n"
SHOP = {
    "Dockerfile": DOCKERFILE,
    "shop/__init__.py": "",
    "shop/__main__.py": "from shop.data import PRICES\n",
    "shop/data/__init__.py": "PRICES = {}\n",
    "state/orders.json": "{}",
}


def findings(folder: Path, files: Mapping[str, str], *mounts: str) -> list[tuple[str, str, str]]:
    """(code, severity, confidence) of what is found in the service that mounts these."""
    volumes = "".join(f"      - {mount}\n" for mount in mounts)
    compose = f"services:\n  web:\n    build: .\n    command: python -m shop\n    volumes:\n{volumes}"
    compose += "    healthcheck: {test: 'true'}\n"
    for name, text in {**files, "compose.yaml": compose}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (image,) = json.loads(ask("check", str(folder), "--format", "json").out)["images"]
    return [(one["code"], one["severity"], one["confidence"]) for one in image["findings"]]


@pytest.mark.parametrize(
    ("mounts", "expected"),
    [
        (("./state:/app/shop/data",), [("PAR702", "error", "certain")]),
        (("{type: bind, source: ./state, target: /app/shop/data}",), [("PAR702", "error", "certain")]),
        (("{type: tmpfs, target: /app/shop/data}",), [("PAR702", "error", "certain")]),
        (("./gone:/app/shop/data",), [("PAR702", "error", "likely")]),
        (("./state:/app/shop",), [("PAR702", "error", "certain")]),
        # What is kept, beside, absent from the image, or not known.
        (("data:/app/shop/data",), []),
        (("/app/shop/data",), []),
        (("./state:/app/shop/data", "/app/shop/data"), []),
        (("./state:/app/state",), []),
        (("./state:/data",), []),
        (("./gone:/app/gone",), []),
        (("/var/run/docker.sock:/var/run/docker.sock",), []),
        (("./settings.py:/app/shop/settings.py",), []),
        (("~/data:/app/shop/data",), []),
        (("$DATA:/app/shop/data",), []),
        ((".:/app",), []),
        (("./shop:/app/shop",), []),
        (("./shop/data:/app/shop/data:ro",), []),
    ],
)
def test_what_a_mount_hides(
    tmp_path: Path, mounts: tuple[str, ...], expected: list[tuple[str, str, str]]
) -> None:
    assert findings(tmp_path, SHOP, *mounts) == expected


def test_a_module_that_git_ignores_may_be_where_the_service_runs(tmp_path: Path) -> None:
    made = {
        **SHOP,
        "Dockerfile": f"{DOCKERFILE}RUN echo V=1 > shop/version.py\n",
        "shop/__main__.py": "import shop.version\n",
    }
    assert findings(tmp_path, made, ".:/app") == [("PAR702", "error", "certain")]
    ignored = {**made, ".gitignore": "version.py\n"}
    assert findings(tmp_path, ignored, ".:/app") == [("PAR702", "warning", "certain")]
    assert findings(tmp_path, ignored, "./state:/app/state") == []


def test_what_only_a_mount_brings(tmp_path: Path) -> None:
    files = {**SHOP, ".dockerignore": "**/data\n"}
    assert findings(tmp_path, files, ".:/app") == [("PAR701", "warning", "certain")]
    assert findings(tmp_path, files, "./shop/data:/app/shop/data") == [("PAR701", "warning", "certain")]
    assert findings(tmp_path, files, "./state:/app/state") == [("PAR101", "error", "certain")]


def test_the_start_command_that_only_a_mount_brings(tmp_path: Path) -> None:
    start = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n"
    files = {**SHOP, "Dockerfile": start, "main.py": "", ".dockerignore": "shop\n"}
    assert findings(tmp_path, files, ".:/app") == [("PAR701", "warning", "certain")]


def test_an_image_without_code_is_made_to_be_mounted(tmp_path: Path) -> None:
    files = {**SHOP, "Dockerfile": "FROM python:3.12-slim\nWORKDIR /app\n"}
    assert findings(tmp_path, files, ".:/app") == []


def test_an_image_of_packages_alone_is_not_started_without_its_mount(tmp_path: Path) -> None:
    start = (
        "FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
    )
    files = {**SHOP, "requirements.txt": "", "Dockerfile": f"{start}CMD python -m shop\n"}
    assert [one[0] for one in findings(tmp_path, files, ".:/app")] == ["PAR701"]
    (tmp_path / "Dockerfile").write_text(f"{start}CMD gunicorn shop:app\n")
    report = json.loads(ask("check", str(tmp_path), "--format", "json").out)
    codes = [
        one["code"] for image in report["images"] for one in image["findings"] if one["severity"] == "error"
    ]
    assert "PAR602" in codes


def test_a_file_over_another(tmp_path: Path) -> None:
    files = {**SHOP, "other.py": "COSTS = {}\n"}
    assert findings(tmp_path, files, "./other.py:/app/shop/data/__init__.py") == [
        ("PAR103", "error", "certain")
    ]
    files = {**SHOP, "other.py": "PRICES = {}\n"}
    assert findings(tmp_path, files, "./other.py:/app/shop/data/__init__.py") == []


def test_a_virtual_environment_below_the_checkout(tmp_path: Path) -> None:
    files = {
        "Dockerfile": (
            "FROM python:3.12-slim\nWORKDIR /app\nRUN python -m venv .venv\nENV PATH=/app/.venv/bin:$PATH\n"
            "RUN pip install flask==3.0.0\nCOPY shop shop\n"
        ),
        "shop/__init__.py": "",
        "shop/__main__.py": "import flask\n",
    }
    assert [one[0] for one in findings(tmp_path, files, ".:/app")] == ["PAR702"]
    assert findings(tmp_path, files, ".:/app", "/app/.venv") == []
    assert findings(tmp_path, files, "./shop:/app/shop") == []


def test_code_that_is_mounted_where_the_image_has_nothing(tmp_path: Path) -> None:
    files = {
        **SHOP,
        "Dockerfile": f"{DOCKERFILE}ENV PYTHONPATH=/libs\n",
        "shop/__main__.py": "import prices\n",
    }
    libs = {**files, "libs/prices.py": ""}
    assert findings(tmp_path, libs, "./libs:/libs") == [("PAR701", "warning", "certain")]
    assert findings(tmp_path, libs, "~/libs:/libs") == []
    assert [one[0] for one in findings(tmp_path, libs, "./state:/state")] == ["PAR104"]
