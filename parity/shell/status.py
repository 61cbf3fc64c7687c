"""Whether a command succeeded, and what it printed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


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


@dataclass(frozen=True, slots=True)
class Output:
    """What was printed (None: cannot be told), and whether it went well."""

    content: bytes | None
    status: Status = Status.SUCCESS
