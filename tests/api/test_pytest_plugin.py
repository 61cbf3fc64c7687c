"""The fixture for pytest, in a pytest of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree

from tests.conftest import ROOT

CONTRACT = """
def test_the_image_starts(image):
    image("Dockerfile").starts()

def test_the_image_holds_the_services(image):
    assert "src/services/model_registry.py" in image("Dockerfile")
"""


def run(project: Path, *options: str) -> str:
    """As pytest loads it from the entry point, or (where this copy is not installed) with `-p`."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "parity.pytest_plugin", "-p", "no:cacheprovider", *options],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout


def project(name: str, folder: Path, text: str = CONTRACT) -> Path:
    copytree(ROOT / "fixtures" / "incident" / name, folder / name)
    (folder / name / "test_image.py").write_text(text)
    (folder / name / "pytest.ini").write_text("[pytest]\n")
    return folder / name


def test_a_healthy_image(tmp_path: Path) -> None:
    assert "2 passed" in run(project("healthy", tmp_path))


def test_the_incident_is_told_with_the_text_of_the_report(tmp_path: Path) -> None:
    said = run(project("ignored", tmp_path))
    assert "2 failed" in said
    assert "error PAR101 missing-module: src.services.model_registry is not in the image" in said
    assert ".dockerignore:" in said


def test_nothing_of_the_tool_is_loaded_before_a_test_asks(tmp_path: Path) -> None:
    text = (
        "import sys\n\ndef test_modules():\n    names = [n for n in sys.modules if n.startswith('parity.')]\n"
    )
    said = run(project("healthy", tmp_path, f"{text}    assert names == ['parity.pytest_plugin']\n"))
    assert "1 passed" in said


def test_the_package_names_it_to_pytest() -> None:
    assert (
        '[project.entry-points.pytest11]\nparity = "parity.pytest_plugin"'
        in (ROOT / "pyproject.toml").read_text()
    )
