"""`--help`: every command, argument and option says what it is for, in sentences."""

from __future__ import annotations

import re
import shlex

import pytest
from typer.main import get_command

from parity.cli.app import app
from tests.conftest import ask_process

ROOT = get_command(app)
COMMANDS = dict(sorted(getattr(ROOT, "commands", {}).items()))


@pytest.mark.parametrize("name", COMMANDS)
def test_everything_is_explained(name: str) -> None:
    command = COMMANDS[name]
    text, _, examples = (command.help or "").partition("\n\nExamples:")
    assert text.strip().endswith((".", "?"))
    assert examples.strip()
    told = {
        one.name: getattr(one, "help", "") or ""
        for one in command.params
        if not getattr(one, "hidden", False)
    }
    assert {key: text for key, text in told.items() if not text.endswith(".")} == {}


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_are_commands_that_there_are(name: str) -> None:
    """As they are typed: every option is known, every value allowed."""
    examples = re.findall(r"`parity ([a-z]+)([^`|>]*)", (COMMANDS[name].help or "").partition("Examples:")[2])
    assert examples
    for command, arguments in examples:
        assert command == name
        COMMANDS[command].make_context(command, shlex.split(arguments), resilient_parsing=False)


@pytest.mark.parametrize("name", COMMANDS)
def test_no_word_is_broken_at_80_columns(name: str) -> None:
    answer = ask_process(name, "--help", COLUMNS="80")
    assert answer.status == 0
    assert all(len(line) <= 80 for line in answer.out.splitlines())
    words = set(re.findall(r"[\w-]+", answer.out))
    assert words >= {
        opt
        for one in COMMANDS[name].params
        for opt in one.opts
        if opt[0] == "-" and not getattr(one, "hidden", False)
    }
