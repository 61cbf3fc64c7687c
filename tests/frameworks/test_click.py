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


GROUPS = {
    "main.py": (
        "from tool import cli\n\n\n@cli.command('serve')\ndef serve():\n    import server\n\n\n"
        "@cli.group()\n@click.option('--deep')\ndef db():\n    import database\n\n\n"
        "@db.command()\ndef upgrade_all():\n    import steps\n\n\ncli()\n"
    ),
    "tool.py": "import click\n\n\n@click.group()\n@click.option('--name')\ndef cli(name):\n    import logs\n",
    "server.py": "",
    "database.py": "",
    "steps.py": "",
    "logs.py": "",
}
GROUPS["main.py"] = "import click\n" + GROUPS["main.py"]
TYPER = {
    **GROUPS,
    "main.py": (
        "import typer\n\nfrom tool import cli\n\ndb = typer.Typer()\ncli.add_typer(db, name='db')\n\n\n"
        "@cli.command('serve')\ndef serve():\n    import server\n\n\n"
        "@db.callback()\ndef begin(deep: str = ''):\n    import database\n\n\n"
        "@db.command()\ndef upgrade_all():\n    import steps\n\n\ncli()\n"
    ),
    "tool.py": (
        "import typer\n\ncli = typer.Typer()\n\n\n@cli.callback()\ndef main(name: str = ''):\n    import logs\n"
    ),
}


@pytest.mark.parametrize("program", [GROUPS, TYPER], ids=["click", "typer"])
@pytest.mark.parametrize(
    ("words", "run"),
    [
        ("serve", {"server", "logs"}),
        ("--name serve serve", {"server", "logs"}),
        ("--name x db --deep y upgrade-all", {"database", "steps", "logs"}),
        ("--help", set()),
        ("$WHAT", set()),
        ("", set()),
    ],
)
def test_a_group_runs_what_the_command_line_names(
    tmp_path: Path, program: dict[str, str], words: str, run: set[str]
) -> None:
    image = f"FROM python:3.12-slim\nRUN pip install click typer\nCOPY . .\nCMD python main.py {words}\n"
    for name in ("server", "database", "steps", "logs"):
        files = {**program, "Dockerfile": image, ".dockerignore": f"{name}.py\n"}
        expected = "PAR101" if name in run else "PAR102"
        assert [(one["code"], one["module"]) for one in told(tmp_path, files)] == [(expected, name)]
