"""An installer is one file in installers/, whose COMMANDS say its names; then run the script."""

from __future__ import annotations

from pathlib import Path

from tests.support.extended import ExtendedCopy, project

INSTALLER = '''\
"""What does `fetchit add NAME` install? What `pip install NAME` does."""

from __future__ import annotations

from msgspec.structs import replace

from parity.programs.arguments import CommandFunction
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Runs, Unreadable
from parity.shell.word import Word
from parity.tree.writable import WritableTree


def fetchit(call: Call, files: WritableTree) -> Runs | Unreadable:
    if call.argv[1:2] != ("add",):
        return UNREADABLE
    return Runs(replace(call, words=(Word("pip"), Word("install"), *call.words[2:])))


COMMANDS: dict[str, CommandFunction] = {"fetchit": fetchit}
'''
DOCKERFILE = (
    'FROM python:3.12-slim\nWORKDIR /app\nRUN fetchit add flask==3.0.0\nCOPY . .\nCMD ["python", "main.py"]\n'
)


def test_what_it_installs_is_known(copy: ExtendedCopy, tmp_path: Path) -> None:
    folder = project(tmp_path / "project", DOCKERFILE, main="import flask\nimport numpy\n")
    assert len(copy.findings(folder)) == 2
    copy.add("installers/fetchit.py", INSTALLER)
    copy.run_script("write_registries.py")
    assert copy.findings(folder) == [("PAR201", "numpy is imported, and not installed in the image")]
