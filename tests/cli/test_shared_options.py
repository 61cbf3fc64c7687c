"""The options that all commands about images take."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.main import get_command

from parity.cli.app import app
from parity.cli.options import Options
from tests.conftest import ROOT, ask

COMMANDS = getattr(get_command(app), "commands", {})
NAMES = ("check", "files", "why", "graph", "fix")
INCIDENT = str(ROOT / "fixtures/incident/ignored")


def arguments(name: str, folder: str) -> tuple[str, ...]:
    return (name, "src.services", folder) if name == "why" else (name, folder)


@pytest.fixture
def two_images(tmp_path: Path) -> str:
    (tmp_path / "main.py").write_text("import gone\n")
    for name in ("Dockerfile.a", "Dockerfile.b"):
        (tmp_path / name).write_text('FROM python:3.12-slim\nCOPY main.py .\nCMD ["python", "main.py"]\n')
    return str(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_takes_them_all(name: str) -> None:
    assert {parameter.name for parameter in COMMANDS[name].params} >= set(Options.__struct_fields__)


@pytest.mark.parametrize("name", NAMES)
def test_without_a_cache_the_answer_is_the_same(name: str) -> None:
    words = (*arguments(name, INCIDENT), *(() if name == "fix" else ("--format", "json")))
    assert ask(*words, "--no-cache").out == ask(*words).out


@pytest.mark.parametrize("name", NAMES)
def test_quiet_leaves_only_the_status(name: str) -> None:
    words = arguments(name, INCIDENT)
    quiet = ask(*words, "--quiet")
    assert (quiet.out, quiet.err) == ("", "")
    assert quiet.status == ask(*words).status


@pytest.mark.parametrize("name", ["files", "why", "graph"])
def test_several_processes_give_the_same_answer(name: str, two_images: str) -> None:
    words = (name, "main", two_images) if name == "why" else (name, two_images)
    alone = ask(*words, "--format", "json")
    assert alone.out.count("Dockerfile.b") >= 1
    assert ask(*words, "--format", "json", "--jobs", "2").out == alone.out


def test_the_diff_of_a_fix_goes_to_a_file(tmp_path: Path) -> None:
    target = tmp_path / "edits.diff"
    answer = ask("fix", INCIDENT, "--output", str(target))
    assert answer.out == ""
    assert target.read_text() == ask("fix", INCIDENT).out
