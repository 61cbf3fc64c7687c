"""A format is one file in formats/report/, formats/files/, formats/graph/ or formats/why/, with a function `render`."""

from __future__ import annotations

from pathlib import Path

from tests.support.extended import ExtendedCopy, project

FORMAT = '''\
"""The number of findings of each image, a line each."""

from parity.formats.presentation import Presentation
from parity.model.report import Report


def render(report: Report, presentation: Presentation) -> str:
    return "".join(f"{image.dockerfile} {len(image.findings)}\\n" for image in report.images)
'''


def test_it_is_a_choice_of_the_option(copy: ExtendedCopy, tmp_path: Path) -> None:
    copy.add("formats/report/numbers.py", FORMAT)
    text = 'FROM python:3.12-slim\nCOPY main.py .\nCMD ["python", "main.py"]\n'
    folder = project(tmp_path / "project", text, main="import gone\n")
    assert copy.ask("check", str(folder), "--format", "numbers").out == "Dockerfile 1\n"
    assert "numbers" in copy.ask("check", "--help").out
