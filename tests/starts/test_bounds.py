"""Scripts that never end, or would take years: followed so far, and no further in silence."""

from __future__ import annotations

import pytest

from parity.model.command import Command
from parity.shell.effort import MOST_STATEMENTS, Effort, TooMuchError
from parity.starts.recognise import recognise
from parity.tree.memory import MemoryTree
from tests.support.building import overlay

ITSELF = '#!/bin/sh\n. ./e.sh\nexec ./e.sh "$@"\n'
BOTH = "sh /app/e.sh\n. /app/e.sh\n"


def started(argv: tuple[str, ...], files: dict[str, str]) -> list[tuple[str | None, ...]]:
    """Every program that the command comes to; (None,) for what was not followed."""
    found = recognise(Command(argv, {}, "/app"), overlay(MemoryTree(files)))
    return [command.argv for command in found.commands]


@pytest.mark.parametrize("script", [ITSELF, BOTH, ". /app/e.sh\n" * 9, "sh /app/e.sh\n" * 9])
def test_a_script_that_starts_or_sources_itself(script: str) -> None:
    assert (None,) in started(("sh", "e.sh", "python", "main.py"), {"app/e.sh": script})


@pytest.mark.parametrize("depth", [1, 3, 58, 80, 500])
def test_nested_loops(depth: int) -> None:
    text = "for i in 1 2 3; do " * depth + "program; " + "done; " * depth + "last"
    commands = started(("sh", "-c", text), {})
    if depth <= 3:
        assert commands == [("program",)] * 3**depth + [("last",)]
    else:
        assert (None,) in commands


def test_one_count_for_all_scripts() -> None:
    effort = Effort()
    for _ in range(MOST_STATEMENTS):
        effort.spend()
    for _ in range(2):
        with pytest.raises(TooMuchError):
            effort.spend()
