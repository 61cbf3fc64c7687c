"""The one exception that a user sees: the question cannot be answered."""

from __future__ import annotations

import traceback

from parity.model.location import Location


class ParityError(Exception):
    """What Docker would refuse, or what the user must fix: told in a line or two, exit status 2.

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


def fault_of(error: BaseException) -> ParityError:
    """What is told of an error that nobody foresaw: a fault of this program, and what to send."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "parity" in frame.filename] or list(frames)
    place = f" at {_short(ours[-1].filename)}:{ours[-1].lineno}" if ours else ""
    text = str(error)[:LONGEST_REASON]
    what = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return ParityError(
        f"internal error ({what}{place}), please report it",
        hint="send this line, the output of parity --version, and the Dockerfile",
    )


LONGEST_REASON = 300
"""Characters of an unforeseen error's own text that are shown."""


def _short(filename: str) -> str:
    """`.../site-packages/parity/build/copy.py` -> `parity/build/copy.py`."""
    parts = filename.replace("\\", "/").split("/")
    start = max((at for at, part in enumerate(parts) if part == "parity"), default=len(parts) - 1)
    return "/".join(parts[start:])
