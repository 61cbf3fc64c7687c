"""`check --watch`: asks again whenever a file of the checkout changes, until it is interrupted."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import typer

from parity.formats.safe import safe
from parity.model.errors import ParityError
from parity.tree.snapshot import snapshot

SHORTEST = 0.5
"""Seconds between two looks."""
SHARE = 10
"""A look may take a tenth of the time, however many files there are."""
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"


def repeat(once: Callable[[], None], folder: Path) -> NoReturn:
    """Asks `once`, then again after each change below `folder`. A check that cannot be made ends nothing."""
    while True:
        before = snapshot(folder)  # what changes while it is asked counts as well
        if sys.stdout.isatty():
            sys.stdout.write(_CLEAR)
        try:
            once()
        except typer.Exit:
            pass
        except ParityError as error:
            place = f"{error.location}: " if error.location else ""
            sys.stderr.write(f"error: {safe(place + error.message)}\n")
        sys.stdout.flush()
        sys.stderr.flush()
        wait = SHORTEST
        while True:
            time.sleep(wait)
            started = time.monotonic()
            if snapshot(folder) != before:
                break
            wait = max(SHORTEST, SHARE * (time.monotonic() - started))
