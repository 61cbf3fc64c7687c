"""Repositories that git makes, whatever this machine's own settings of git are."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.checked import lay_out

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
_SETTINGS = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def git(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    """What git prints; a status of 1 is an answer too."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", "-c", "protocol.file.allow=always", *arguments],
        cwd=folder,
        input=given,
        capture_output=True,
        env=inherited | _SETTINGS,
    )
    assert done.returncode in (0, 1), done.stderr.decode()
    return done.stdout


def lines(folder: Path, *arguments: str, given: bytes | None = None) -> list[str]:
    """The same of what git prints with NUL bytes between."""
    said = git(folder, *arguments, given=given).decode("utf8", "surrogateescape")
    return [line for line in said.split("\0") if line]


def repository(folder: Path, files: Mapping[str, str], *options: str) -> Path:
    """A repository in which these files are added, but those that they ignore."""
    lay_out(folder, files)
    git(folder, "init", "-q", *options)
    git(folder, "add", ".")
    return folder
