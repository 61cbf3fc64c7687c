"""The service that started the project, in its variants: one finding each, and silence for the healthy one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ask

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "incident"
REACHED = ["src/api/main.py:3", "src/api/routes/__init__.py:3", "src/api/routes/dspy.py:3"]
SERVICES = [*REACHED, "src/services/__init__.py:4"]
EXPECTED = {
    "ignored": (
        "PAR101",
        "src/services/__init__.py:4:1",
        SERVICES,
        ("dockerignore", ".dockerignore:3"),
        "ModuleNotFoundError",
    ),
    "forgotten-copy": (
        "PAR101",
        "src/api/routes/dspy.py:3:1",
        REACHED,
        ("not-copied", "Dockerfile:5"),
        "ModuleNotFoundError",
    ),
    "wrong-root": (
        "PAR602",
        "Dockerfile:5:1",
        [],
        ("not-on-search-path", "Dockerfile:4"),
        "ModuleNotFoundError",
    ),
    "syntax-error": (
        "PAR401",
        "src/services/model_registry.py:4:17",
        [*SERVICES, "src/services/model_registry.py:4"],
        ("syntax", "src/services/model_registry.py:4"),
        "SyntaxError",
    ),
    "circular": (
        "PAR301",
        "src/services/model_registry.py:1:1",
        [*REACHED, "src/services/__init__.py:3", "src/services/model_registry.py:1"],
        ("cycle", "src/services/__init__.py:3"),
        "ImportError",
    ),
}


def test_every_variant_has_its_expectation() -> None:
    assert {folder.name for folder in FOLDER.iterdir()} == {*EXPECTED, "healthy"}


@pytest.mark.parametrize("variant", EXPECTED)
def test_one_finding_with_chain_and_cause(variant: str) -> None:
    answer = ask("check", str(FOLDER / variant), "--format", "json")
    (image,) = json.loads(answer.out)["images"]
    (finding,) = image["findings"]
    place, cause = finding["location"], finding["cause"]
    where = cause["location"]
    assert answer.status == 1
    assert (
        finding["code"],
        f"{place['path']}:{place['line']}:{place['column']}",
        [f"{link['path']}:{link['line']}" for link in finding["chain"]],
        (cause["kind"], f"{where['path']}:{where['line']}"),
        finding["exception"],
    ) == EXPECTED[variant]
    assert (finding["severity"], finding["confidence"]) == ("error", "certain")


def test_the_healthy_one_is_silent() -> None:
    answer = ask("check", str(FOLDER / "healthy"), "--format", "json", "--fail-on", "warning")
    (image,) = json.loads(answer.out)["images"]
    assert (answer.status, image["findings"], image["unknowns"]) == (0, [], [])
