"""A start command is one file in starts/ (a framework's: in frameworks/) with `recognise`; then run the script."""

from __future__ import annotations

from pathlib import Path

from tests.support.extended import ExtendedCopy, project

START = '''\
"""What does `paddock module:app` import? The module, with the working directory on the search path."""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.program import name_of, words_of
from parity.starts.application import application
from parity.startup.entrypoint import Entrypoint
from parity.tree.base import FileTree

PROGRAMS = ("paddock",)


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    words = words_of(command)
    target = application(words[0]) if len(words) == 1 and words[0] else None
    if name_of(command) != "paddock" or target is None:
        return None
    return Entrypoint("paddock", command, (command.working_directory,), (target.step(),))
'''
DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY main.py .\nCMD ["paddock", "main:app"]\n'


def test_what_it_imports_is_followed(copy: ExtendedCopy, tmp_path: Path) -> None:
    folder = project(tmp_path / "project", DOCKERFILE, main="import helper\napp = 1\n", helper="")
    assert [code for code, _ in copy.findings(folder)] == ["PAR603"]
    copy.add("starts/paddock.py", START)
    copy.run_script("write_start_registry.py")
    assert ("PAR101", "helper is not in the image") in copy.findings(folder)
