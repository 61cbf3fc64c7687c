"""What a statement of a shell gives back, and how it stands in the script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from parity.model.location import Location
from parity.shell.status import Status

Where = Callable[[int], Location | None]


class Flow(Enum):
    """Where it goes on after a statement."""

    NEXT = "next"
    BREAK = "break"
    CONTINUE = "continue"
    RETURN = "return"
    EXIT = "exit"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`assumed`: the status holds unless a variable that nothing sets is set when the container starts."""

    status: Status
    flow: Flow = Flow.NEXT
    assumed: bool = False


class Sink:
    """Where output goes that is collected. `certain`: was it certain that it was opened?"""

    def __init__(self, certain: bool) -> None:
        self.certain = certain
        self.parts: list[bytes] = []
        self.known = True

    def add(self, content: bytes | None, certain: bool) -> None:
        if content is None or (self.certain and not certain):
            self.known = False
        else:
            self.parts.append(content)

    @property
    def content(self) -> bytes | None:
        return b"".join(self.parts) if self.known else None


@dataclass(frozen=True, slots=True)
class Context:
    """How a statement stands in the script.

    `final`    its status is the script's
    `ignored`  its failure does not trigger `set -e`
    `fatal_exit`  an `exit` with failure here makes the whole script fail
    """

    final: bool = True
    ignored: bool = False
    fatal_exit: bool = True
    stdin: bytes | None = None
    sink: Sink | None = None
    depth: int = 0

    def part(self) -> Context:
        """A condition: its status decides what runs, nothing else."""
        return replace(self, final=False, ignored=True)
