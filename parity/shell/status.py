"""Whether a command succeeded, and what it printed."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from parity.model.location import Unknown


class Status(Enum):
    """What a command gives back: 0, anything else, or not to be told."""

    SUCCESS = "success"
    FAILURE = "failure"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, answer: bool | None) -> Status:
        """None: not to be told."""
        return cls.UNKNOWN if answer is None else cls.SUCCESS if answer else cls.FAILURE

    def negated(self) -> Status:
        match self:
            case Status.SUCCESS:
                return Status.FAILURE
            case Status.FAILURE:
                return Status.SUCCESS
            case Status.UNKNOWN:
                return Status.UNKNOWN


Text = bytes | Unknown | None
"""What is printed and read: its bytes; or why they cannot be told, if something is known of them all the same (which
packages an installer lists); None where nothing is."""


class Output(Struct, frozen=True):
    """What was printed, and whether it went well."""

    content: Text
    status: Status = Status.SUCCESS
