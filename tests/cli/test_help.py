"""`--help`: every command, argument and option says what it is for, in sentences."""

from __future__ import annotations

import pytest
from typer.main import get_command

from parity.cli.app import app

ROOT = get_command(app)
COMMANDS = dict(sorted(getattr(ROOT, "commands", {}).items()))


@pytest.mark.parametrize("name", COMMANDS)
def test_everything_is_explained(name: str) -> None:
    command = COMMANDS[name]
    assert (command.help or "").strip().endswith((".", "?"))
    told = {
        one.name: getattr(one, "help", "") or ""
        for one in command.params
        if not getattr(one, "hidden", False)
    }
    assert {key: text for key, text in told.items() if not text.endswith(".")} == {}
