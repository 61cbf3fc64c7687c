"""A program of RUN and of start scripts is one file in programs/, whose COMMANDS say its names; then run the script."""

from __future__ import annotations

from pathlib import Path

from tests.support.extended import ExtendedCopy, project

PROGRAM = '''\
"""What does `zap FILE` do? It removes the file."""

from __future__ import annotations

from parity.programs.arguments import CommandFunction, whole
from parity.shell.host import Call
from parity.shell.status import Status
from parity.tree.writable import WritableTree


def zap(call: Call, files: WritableTree) -> Status:
    for word in call.words[1:]:
        if word.text is not None and (path := whole(call, word.text)) is not None:
            files.remove(path)
    return Status.SUCCESS


COMMANDS: dict[str, CommandFunction] = {"zap": zap}
'''
DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN zap helper.py\nCMD ["python", "main.py"]\n'


def test_its_effect_on_the_image_is_known(copy: ExtendedCopy, tmp_path: Path) -> None:
    folder = project(tmp_path / "project", DOCKERFILE, main="import helper\n", helper="")
    assert copy.findings(folder) == []  # it may have done anything
    copy.add("programs/zap.py", PROGRAM)
    copy.run_script("write_registries.py")
    assert copy.findings(folder) == [("PAR101", "helper is not in the image")]
