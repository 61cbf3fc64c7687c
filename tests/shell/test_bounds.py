"""Scripts that never end, or would take years: followed so far, and no further in silence."""

from __future__ import annotations

import pytest

from parity.model.command import Command
from parity.shell.commands import _Recorder, commands_of, follow_scripts
from parity.shell.effort import MOST_STATEMENTS, Effort, TooMuchError
from parity.shell.interpret import interpret
from parity.tree.memory import MemoryTree

ITSELF = '#!/bin/sh\n. ./e.sh\nexec ./e.sh "$@"\n'
BOTH = "sh /app/e.sh\n. /app/e.sh\n"


@pytest.mark.parametrize("script", [ITSELF, BOTH, ". /app/e.sh\n" * 9, "sh /app/e.sh\n" * 9])
def test_a_script_that_starts_or_sources_itself(script: str) -> None:
    files = MemoryTree({"app/e.sh": script})
    command = Command(("sh", "e.sh", "python", "main.py"), {}, "/app")
    assert (None,) in {told.argv for told in follow_scripts(command, files)}


@pytest.mark.parametrize("depth", [1, 3, 58])
def test_nested_loops(depth: int) -> None:
    text = "for i in 1 2 3; do " * depth + "program; " + "done; " * depth + "last"
    commands = [command.argv for command in commands_of(text, MemoryTree({}), {}, "/")]
    assert commands == [("program",)] * 3**depth + [("last",)] if depth < 58 else commands[-1] == (None,)


@pytest.mark.parametrize("depth", [62, 80, 500])
def test_loops_that_are_nested_too_deeply_are_counted_too(depth: int) -> None:
    host = _Recorder(MemoryTree({}))
    text = "for i in 1 2 3 4 5 6 7 8 9; do " * depth + "true; " + "done; " * depth
    interpret(text, host, environment={}, working_directory="/")
    assert host.effort.statements <= MOST_STATEMENTS + 1
    assert host.commands[-1].argv == (None,)


def test_one_count_for_all_scripts() -> None:
    effort = Effort()
    for _ in range(MOST_STATEMENTS):
        effort.spend()
    with pytest.raises(TooMuchError):
        effort.spend()
    with pytest.raises(TooMuchError):
        effort.spend()
