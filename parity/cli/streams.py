"""The standard streams, when nobody reads them any more."""

from __future__ import annotations

import os
import sys
from typing import TextIO


def send(text: str) -> None:
    """Writes to standard output, at once; where nobody reads (`| head`) the status is the same."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        forget(sys.stdout)


def forget(stream: TextIO) -> None:
    """What is left of it goes nowhere: CPython would write it when it ends, and complain again."""
    try:
        number = stream.fileno()
    except (OSError, ValueError, AttributeError):
        return  # it is none of the system's
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
