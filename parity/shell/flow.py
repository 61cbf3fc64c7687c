"""What a statement of a shell gives back, and how it stands in the script."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from parity.model.location import Location, Unknown
from parity.shell.status import Status, Text

Where = Callable[[int], Location | None]


class Flow(Enum):
    """Where it goes on after a statement."""

    NEXT = "next"
    BREAK = "break"
    CONTINUE = "continue"
    RETURN = "return"
    EXIT = "exit"


class Outcome(Struct, frozen=True):
    """`assumed`: the status holds unless a variable that nothing sets is set when the container starts."""

    status: Status
    flow: Flow = Flow.NEXT
    assumed: bool = False


class Sink:
    """Where output goes that is collected. `certain`: was it certain that it was opened?"""

    def __init__(self, certain: bool) -> None:
        self.certain = certain
        self.parts: list[bytes | Unknown] = []
        self.known = True

    def add(self, content: Text, certain: bool) -> None:
        if content is None or (self.certain and not certain):
            self.known = False
        elif content != b"":
            self.parts.append(content)

    @property
    def content(self) -> Text:
        if not self.known:
            return None
        if len(self.parts) == 1:
            return self.parts[0]
        told = [part for part in self.parts if isinstance(part, bytes)]
        return b"".join(told) if len(told) == len(self.parts) else None


class Context(Struct, frozen=True):
    """How a statement stands in the script.

    `final`    its status is the script's
    `ignored`  its failure does not trigger `set -e`
    `endless`  in a loop that never ends: what fails here fails in each round
    `fatal_exit`  an `exit` with failure here makes the whole script fail
    """

    final: bool = True
    ignored: bool = False
    endless: bool = False
    fatal_exit: bool = True
    stdin: Text = None
    sink: Sink | None = None
    depth: int = 0

    @property
    def read(self) -> bytes | None:
        """What is read from the standard input, byte by byte; None: cannot be told."""
        return self.stdin if isinstance(self.stdin, bytes) else None

    def part(self) -> Context:
        """A condition: its status decides what runs, nothing else."""
        return replace(self, final=False, ignored=True)
