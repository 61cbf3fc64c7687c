"""Names in a diff: `git apply` and `patch` edit the file that is meant, whatever it is called."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from parity.formats.diff import quoted, render
from parity.model.change import Change

HUNK = "x\n--- /dev/null\n+++ b/evil.py\n@@ -0,0 +1 @@\n+import os"
NAMES = [
    "plain.py",
    "with space",
    "a\tb",
    'say "hi"',
    "back\\slash",
    "é",
    "\udcff.py",
    "a\rb",
    "\x01\x7f",
    "new\nline",
]


@pytest.mark.parametrize("program", [("git", "apply"), ("patch", "-p1", "-s")])
@pytest.mark.parametrize("name", [*NAMES, *(f"{name}/a.py" for name in NAMES), f"{HUNK}/a.py", f"a/{HUNK}"])
def test_the_file_is_edited_and_no_other(tmp_path: Path, program: tuple[str, ...], name: str) -> None:
    if shutil.which(program[0]) is None:
        pytest.skip(f"there is no {program[0]}")
    place = tmp_path / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"old\n")
    patch = render([Change(name, b"old\n", b"new\n")])
    subprocess.run(program, cwd=tmp_path, input=os.fsencode(patch), check=True, capture_output=True)
    assert place.read_bytes() == b"new\n"
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [place]


def test_names_are_written_as_git_writes_them(tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    names = [name for name in NAMES if "space" not in name and name != "\udcff.py"]
    for name in names:
        (tmp_path / name).write_bytes(b"old\n")
    listed = subprocess.run(
        ["git", "-c", "core.quotePath=false", "ls-files", "--others"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert sorted(listed) == sorted(quoted(name) for name in names)
