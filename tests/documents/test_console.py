"""Each command that a document shows is run, and prints what the document says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.documents.pages import Block, blocks

INSTALLS = "installs what this test is run with"
ELSEWHERE = "needs a repository of the reader's"
OTHER_TOOL = "another tool, in the version that the page names: no part of the tests' environment"
NOT_RUN = {
    "python -m pip install . && parity check fixtures/incident/ignored": INSTALLS,
    "python -m pip install '.[test]' && python -m pytest -n auto": "would run these tests again",
    "python -m pip install -e '.[dev]'": INSTALLS,
    "python -m pytest -n auto": "would run these tests again",
    "ruff check . && ruff format . && mypy && lint-imports": "formats the checkout",
    "python -m pip install path/to/parity": INSTALLS,
    "git mv shop/Invoice.py shop/invoice.py": ELSEWHERE,
    'parity check --entrypoint "python -m shop"': ELSEWHERE,
    "docker save shop:latest -o shop.tar": "needs an engine, and an image of the reader's",
    "parity verify shop.tar": "needs that image",
    "parity --install-completion": "edits the start-up files of the shell",
    "parity smoke -f Dockerfile.api --run --image shop-api": "needs a container engine",
    "hadolint Dockerfile": OTHER_TOOL,
    "deptry .": OTHER_TOOL,
    "lint-imports": OTHER_TOOL,
    "pylint --disable=all --enable=cyclic-import src": OTHER_TOOL,
    "pylint --disable=all --enable=cyclic-import shop": OTHER_TOOL,
    "python -m pip install '.[docs]'": INSTALLS,
    "zensical serve": "serves until it is stopped",
}
CONSOLE = blocks("console")


def runnable(block: Block) -> bool:
    return not any(command in NOT_RUN for command, _ in block.commands)


def normalised(text: str) -> str:
    """Without the time that a check took."""
    return re.sub(r"\bin \d+\.\d\d s$", "in 0.00 s", text.strip("\n"), flags=re.MULTILINE)


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """An environment in which `parity` is this checkout's."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/parity"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m parity "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}


@pytest.mark.parametrize("block", list(filter(runnable, CONSOLE)), ids=lambda block: block.name)
def test_a_command_prints_what_is_shown(tmp_path: Path, shell: dict[str, str], block: Block) -> None:
    if block.folder:
        place = tmp_path / Path(block.folder).name
        shutil.copytree(ROOT / block.folder, place)
    else:  # the root of the checkout, where a command can change nothing
        place = tmp_path / "checkout"
        place.mkdir()
        shutil.copytree(ROOT / "fixtures/incident", place / "fixtures/incident")
    for command, shown in block.commands:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=place,
            env=shell,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )
        assert normalised(done.stdout) == normalised(shown), command


def test_what_is_not_run_is_shown_somewhere() -> None:
    commands = {command for block in CONSOLE for command, _ in block.commands}
    assert [command for command in NOT_RUN if command not in commands] == []
