"""Whatever is edited between two checks, the one with a cache says what the one without says."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.checked import lay_out
from tests.support.remembering import Checks

NAMES = ("main.py", "a.py", "b.py", "a/__init__.py", "a/b.py", ".dockerignore", "data/x.txt", ".gitignore")
MODULES = ("", "import a\n", "import b\n", "from a import b\n", "import gone\n", "open('data/x.txt')\n")
TEXTS = {
    **dict.fromkeys(NAMES, MODULES),
    ".dockerignore": ("", "b.py\n", "a\n", "**/*.txt\n"),
    ".gitignore": ("", "a\n", "data\n"),
}  # fmt: skip
DOCKERFILE = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'
STARTS = {"Dockerfile": DOCKERFILE, "b.Dockerfile": DOCKERFILE.replace("main.py", "b.py")}


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, str, str]:
    name = draw(st.sampled_from(NAMES))
    how = draw(st.sampled_from(("write", "write", "remove", "link", "folder")))
    return how, name, draw(st.sampled_from(TEXTS[name]))


def make(root: Path, how: str, name: str, text: str) -> None:
    place = root / name
    for above in (place, *place.parents):
        if above != root and above.is_relative_to(root) and (above.is_symlink() or above.is_file()):
            above.unlink()
    if place.is_dir():
        shutil.rmtree(place)
    if how == "remove":
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    if how == "write":
        place.write_text(text)
    elif how == "link":
        place.symlink_to(root / "b.py")
    else:
        place.mkdir()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.lists(st.lists(edits(), min_size=1, max_size=3), min_size=1, max_size=4))
def test_with_and_without_it(
    rounds: list[list[tuple[str, str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory() as folder, monkeypatch.context() as patch:
        root = Path(folder).resolve() / "project"
        lay_out(root, {**STARTS, "main.py": "import a\n", "a.py": "", "b.py": ""})
        checks = Checks(root, root.parent / "kept", patch)
        assert checks.ask(format="text") == checks.fresh(format="text")
        for changes in rounds:
            for change in changes:
                make(root, *change)
            assert checks.ask(format="text") == checks.fresh(format="text")
