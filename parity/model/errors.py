"""The one exception that a user sees: the question cannot be answered."""

from __future__ import annotations

from parity.model.location import Location


class ParityError(Exception):
    """What Docker would refuse, or what the user must mend: told in a line or two, exit status 2.

    `message` says what is wrong, `location` where, `hint` what to do next.
    """

    def __init__(self, message: str, location: Location | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.location}: {self.message}" if self.location else self.message
        return f"{text}\n  {self.hint}" if self.hint else text
