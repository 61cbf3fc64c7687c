"""How much of the shell is followed: one count for all scripts that one step, or one start command, comes to."""

from __future__ import annotations

from msgspec import Struct

MOST_STATEMENTS = 20_000
"""Statements, whatever scripts and loops they stand in."""
A_STATEMENT = 100
"""Characters that take as long to read as a statement to follow."""


class TooMuchError(Exception):
    """The script runs more than is followed."""


class Effort(Struct, eq=False):
    """What was spent so far."""

    statements: int = 0

    def end(self) -> None:
        """Nothing more is followed: a script starts or sources itself without an end. Raises TooMuchError."""
        self.statements = MOST_STATEMENTS
        self.spend()

    def read(self, text: str) -> None:
        """A text costs by its length: that of a substitution is read again wherever it stands in another."""
        self.spend(len(text) // A_STATEMENT)

    def spend(self, statements: int = 1) -> None:
        """Counts them. Raises TooMuchError once no more are followed."""
        self.statements += statements
        if self.statements > MOST_STATEMENTS:
            raise TooMuchError
