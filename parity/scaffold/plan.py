"""What would `parity init` write into this repository?"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from parity.config.settings import ImageSettings
from parity.scaffold import configuration, github, pre_commit, vscode


class NewFile(Struct, frozen=True):
    """`path` is relative to the repository; `purpose` says in a few words what the file is for."""

    path: str
    text: str
    purpose: str


EDITORS = {"vscode": vscode}
"""Editors that have a task of their own; the guide shows the others."""


def planned(images: Iterable[ImageSettings], version: str, editors: Iterable[str]) -> tuple[NewFile, ...]:
    """`images`: those that were found; `version`: of the tool; `editors`: names of EDITORS."""
    files = [
        NewFile("parity.toml", configuration.rendered(images), "the images to check"),
        NewFile(".github/workflows/parity.yml", github.rendered(version), "the check in GitHub's CI"),
        NewFile(".pre-commit-config.yaml", pre_commit.rendered(version), "the check before each commit"),
    ]
    files += [
        NewFile(EDITORS[name].PATH, EDITORS[name].rendered(), "the check as a task") for name in editors
    ]
    return tuple(files)
