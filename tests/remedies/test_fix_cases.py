"""What `parity fix` says of small projects, to the letter: `NAME.txt` is the project, `NAME.expected` the answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.case import read_case
from tests.conftest import ROOT, ask

FOLDER = ROOT / "fixtures" / "remedies" / "fix"
CASES = sorted(FOLDER.glob("*.txt"))


def answer(path: Path, folder: Path) -> str:
    """`folder`: an empty one, in which it is asked."""
    case = read_case(path)
    said = ask("fix", *(case.one("options") or "").split(), cwd=case.lay_out(folder))
    return f"{said.out}{said.err}"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_its_edits(path: Path, tmp_path: Path) -> None:
    assert answer(path, tmp_path) == path.with_suffix(".expected").read_text("utf8")
    ask("fix", "--unsafe", "--write", cwd=tmp_path)
    assert ask("fix", "--unsafe", cwd=tmp_path).out == ""
