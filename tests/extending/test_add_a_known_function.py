"""A function of the standard library is known by a file (or a line) in startup/library/: CALLS says its name."""

from __future__ import annotations

from pathlib import Path

from tests.support.extended import ExtendedCopy, project

PYDOC = '''\
"""What does `pydoc.locate("a.b")` import?"""

from __future__ import annotations

from functools import partial

from parity.startup.library.known import Known, register
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, Value, text_of

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)


@known("pydoc.locate")
def _locate(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name = text_of(arguments.get(0, "path"))
    return machine.importing.import_module(name) if name else ANYTHING
'''
DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY main.py .\nCMD ["python", "main.py"]\n'


def test_what_it_imports_is_followed(copy: ExtendedCopy, tmp_path: Path) -> None:
    folder = project(
        tmp_path / "project", DOCKERFILE, main="import pydoc\npydoc.locate('helper')\n", helper=""
    )
    assert copy.findings(folder) == []
    copy.add("startup/library/pydoc.py", PYDOC)
    assert copy.findings(folder) == [("PAR101", "helper is not in the image")]
