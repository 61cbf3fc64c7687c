"""What the guide says to an editor finds the places of the findings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.documents.pages import blocks

LIST = (
    "redir! > found | silent echo join(map(filter(getqflist(), 'v:val.valid'), "
    "{_, q -> bufname(q.bufnr) . ':' . q.lnum . ':' . q.col . ' ' . q.type . ' ' . q.text}), nr2char(10)) | redir END"
)


@pytest.mark.parametrize(
    ("editor", "language"), [("nvim", "lua"), ("nvim", "vim"), ("vim", "vim")], ids=" ".join
)
def test_make_fills_the_quickfix_list(tmp_path: Path, editor: str, language: str) -> None:
    program = shutil.which(editor)
    if program is None:
        pytest.skip(f"there is no {editor}")
    (shown,) = (block.text for block in blocks(language) if block.page.name == "editor.md")
    settings = tmp_path / f"settings.{language}"
    settings.write_text(shown)
    place = tmp_path / "project"
    shutil.copytree(ROOT / "fixtures/incident/ignored", place)
    (tmp_path / "parity").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m parity "$@"\n')
    (tmp_path / "parity").chmod(0o755)
    batch = ["--headless"] if editor == "nvim" else ["-N", "-e", "-s"]
    subprocess.run(
        [
            program,
            *batch,
            "-u",
            "NONE",
            "-c",
            f"source {settings}",
            "-c",
            "silent! make!",
            "-c",
            LIST,
            "-c",
            "qa!",
        ],
        cwd=place,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert (place / "found").read_text().strip() == (
        "src/services/__init__.py:4:1 E "
        "PAR101 missing-module: src.services.model_registry is not in the image"
    )
