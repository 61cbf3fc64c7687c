"""The images of which the question could not be answered: told on standard error, status 2."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from parity.formats.safe import safe
from parity.model.report import ImageFailure


def tell(failures: Sequence[ImageFailure]) -> None:
    """One or two lines each: what and where, and what to do next."""
    for failure in failures:
        place = f"{failure.location or failure.dockerfile}: "
        sys.stderr.write(f"error: {safe(place + failure.message)}\n")
        if failure.hint:
            sys.stderr.write(f"  {safe(failure.hint)}\n")


def end(failures: Sequence[ImageFailure]) -> None:
    """Tells them, and ends with status 2 if there is one."""
    tell(failures)
    if failures:
        raise typer.Exit(2)
