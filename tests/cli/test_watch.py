"""`check --watch`: each change is answered, and nothing ends it but an interrupt."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parity.tree.snapshot import snapshot
from tests.conftest import ROOT, ask

GAP = "main.py:1:1: PAR101 lib is not in the image\n"


@contextmanager
def watched(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "parity", "check", str(folder), "--watch", "--format", "concise"]
    process = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_it_asks_again_after_a_change(project: Path) -> None:
    (project / "main.py").write_text("import lib\n")
    (project / "lib.py").write_text("")
    (project / ".dockerignore").write_text("lib.py\n")
    with watched(project) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == GAP
        (project / "main.py").write_text("import json\nimport lib\n")
        assert process.stdout.readline() == GAP.replace(":1:1:", ":2:1:")
        (project / "Dockerfile").unlink()
        assert process.stdout.readline().startswith("error: no Dockerfile below ")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130


def test_what_can_be_asked_once_is_not_watched(project: Path) -> None:
    answer = ask("check", str(project), "--watch", "--write-baseline", str(project / "known.json"))
    assert answer.err.startswith(
        "error: --watch asks again, and --write-baseline and -f - can be asked once\n"
    )
    assert answer.status == 2


class TestSnapshot:
    def test_a_file_that_changes_comes_or_goes(self, project: Path) -> None:
        before = snapshot(project)
        assert snapshot(project) == before
        (project / "main.py").write_text("import json, sys\n")
        changed = snapshot(project)
        assert {path for path in changed if changed[path] != before.get(path)} == {str(project / "main.py")}
        (project / "main.py").unlink()
        assert snapshot(project).keys() == before.keys() - {str(project / "main.py")}

    def test_folders_that_programs_write_are_left_out(self, project: Path) -> None:
        before = snapshot(project)
        (project / "__pycache__").mkdir()
        (project / "__pycache__/x.pyc").write_text("")
        assert snapshot(project) == before

    def test_no_link_is_followed(self, project: Path) -> None:
        (project / "loop").symlink_to(project)
        assert [path for path in snapshot(project) if "loop/" in path] == []
