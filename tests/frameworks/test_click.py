"""Commands of click: what their functions import is imported when the program calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.test_findings import told

DOCKERFILE = "FROM python:3.12-slim\nRUN pip install click\nCOPY . .\nCMD python main.py\n"
PROGRAM = """\
import click
{decorators}
def main(port, host):
    print(port + 1, host)
    import gone
{call}
"""


@pytest.mark.parametrize(
    ("decorators", "call", "code"),
    [
        ("@click.command()\n@click.option('--port', default=1)\n@click.argument('host')", "main()", "PAR101"),
        ("@click.command\n@click.option('--port')", "main(standalone_mode=False)", "PAR101"),
        ("@click.option('--port')\n@click.command(context_settings={'a': 1})", "main.main()", "PAR101"),
        ("@click.command()", "print(main)", "PAR102"),
        ("@click.command()", "", "PAR102"),
    ],
)
def test_a_command_that_is_called_runs(tmp_path: Path, decorators: str, call: str, code: str) -> None:
    program = PROGRAM.format(decorators=decorators, call=call)
    files = {"Dockerfile": DOCKERFILE, "main.py": program, "gone.py": "", ".dockerignore": "gone.py\n"}
    assert [(one["code"], one["module"]) for one in told(tmp_path, files)] == [(code, "gone")]
    assert told(tmp_path, {**files, ".dockerignore": ""}) == []
