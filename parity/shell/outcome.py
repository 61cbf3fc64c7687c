"""What comes of a call: the program is done, it runs another one, or nobody can say."""

from __future__ import annotations

from enum import Enum
from typing import Literal, TypeAlias

from msgspec import Struct

from parity.shell.host import Call
from parity.shell.status import Output, Status


class Runs(Struct, frozen=True):
    """Another program does the work: `uv run x` comes to `x`."""

    call: Call


class Unreadable(Enum):
    """Nobody knows this form of the program. It may do whatever the program is capable of."""

    UNREADABLE = "unreadable"


UNREADABLE: Literal[Unreadable.UNREADABLE] = Unreadable.UNREADABLE
Done: TypeAlias = Status | Output
"""All that it does to the files is done; its status, or what it printed as well."""
Outcome: TypeAlias = Done | Runs | Unreadable
