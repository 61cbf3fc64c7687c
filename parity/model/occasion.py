"""When does a process import a module: as it starts, for each request, task or command, or later?"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct


class When(Enum):
    """`START`: before the process is ready. `REQUEST`, `TASK`, `COMMAND`: the framework itself imports it for each
    one. `LATER`: one code path of the program does.
    """

    START = "start"
    REQUEST = "request"
    TASK = "task"
    COMMAND = "command"
    LATER = "later"


class Occasion(Struct, frozen=True):
    """What a process is doing. `effect`: what a failure then comes to, in words; "" where the start itself fails."""

    when: When
    effect: str = ""


START = Occasion(When.START)
EVERY_REQUEST = Occasion(When.REQUEST, "every request fails")
LATER = Occasion(When.LATER)
