"""A copy of the package with one new file, as somebody who adds one would make it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from typing import Any

from tests.conftest import ROOT, Answer


class ExtendedCopy:
    """The package and its scripts, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("parity", "scripts"):
            copytree(ROOT / name, folder / name)

    def add(self, path: str, text: str) -> None:
        """A new file of the package."""
        file = self.folder / "parity" / path
        assert not file.exists()
        file.write_text(text, "utf8")

    def run_script(self, name: str) -> None:
        answer = self._python(f"scripts/{name}")
        assert answer.status == 0, answer.err

    def ask(self, *arguments: str) -> Answer:
        """What the copy's command line says."""
        return self._python("-m", "parity", *arguments)

    def findings(self, project: Path) -> list[tuple[str, str]]:
        """Code and message of each finding about the only image of the project."""
        answer = self.ask("check", str(project), "--format", "json")
        assert answer.status in (0, 1), answer.err
        (image,) = json.loads(answer.out)["images"]
        every: list[dict[str, Any]] = image["findings"]
        return [(finding["code"], finding["message"]) for finding in every]

    def _python(self, *arguments: str) -> Answer:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        return Answer(done.returncode, done.stdout, done.stderr)


def project(folder: Path, dockerfile: str, **sources: str) -> Path:
    """A project of a Dockerfile and Python modules."""
    folder.mkdir()
    (folder / "Dockerfile").write_text(dockerfile, "utf8")
    for name, text in sources.items():
        (folder / f"{name}.py").write_text(text, "utf8")
    return folder
