"""How much of the shell is followed: one count for all scripts that one step, or one start command, comes to."""

from __future__ import annotations

from msgspec import Struct

MOST_STATEMENTS = 20_000
"""Statements, whatever scripts and loops they stand in."""


class TooMuchError(Exception):
    """The script runs more than is followed."""


class Effort(Struct, eq=False):
    """What was spent so far."""

    statements: int = 0

    def end(self) -> None:
        """Nothing more is followed: a script starts or sources itself without an end. Raises TooMuchError."""
        self.statements = MOST_STATEMENTS
        self.spend()

    def spend(self) -> None:
        """Counts a statement. Raises TooMuchError once no more are followed."""
        self.statements += 1
        if self.statements > MOST_STATEMENTS:
            raise TooMuchError
