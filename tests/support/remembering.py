"""A check with a cache, and which images it looked at."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parity import pipeline
from parity.config.settings import ImageSettings, Settings
from parity.model.report import ImageReport
from parity.tree.base import FileTree
from tests.conftest import Answer, ask


class Checks:
    """`checked`: the Dockerfiles that the last check looked at; the others' answers were known."""

    def __init__(self, root: Path, place: Path, patch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.place = place
        self.checked: list[str] = []
        patch.setattr("parity.tree.notes._in_haste", False)  # another test may have been
        check_image = pipeline.check_image

        def counting(asked: ImageSettings, settings: Settings, checkout: FileTree) -> ImageReport:
            if asked.dockerfile[1:] not in self.checked:  # edits may be tried on it, too
                self.checked.append(asked.dockerfile[1:])
            return check_image(asked, settings, checkout)

        patch.setattr(pipeline, "check_image", counting)

    def ask(self, *arguments: str, format: str = "json") -> Answer:
        self.checked.clear()
        words = ("check", str(self.root), "--format", format, "--cache-dir", str(self.place))
        return _timeless(ask(*words, *arguments))

    def fresh(self, *arguments: str, format: str = "json") -> Answer:
        """As if there were no cache."""
        checked = list(self.checked)
        answer = _timeless(ask("check", str(self.root), "--format", format, "--no-cache", *arguments))
        self.checked[:] = checked
        return answer


def _timeless(answer: Answer) -> Answer:
    return Answer(answer.status, re.sub(r" in \d+\.\d\d s", "", answer.out), answer.err)
