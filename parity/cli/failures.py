"""What could not be answered, or was not looked at: told on standard error."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from parity.formats.safe import safe
from parity.model.report import ImageFailure, Note


def tell(failures: Sequence[ImageFailure]) -> None:
    """One or two lines each: what and where, and what to do next."""
    for failure in failures:
        place = f"{failure.location or failure.dockerfile}: "
        sys.stderr.write(f"error: {safe(place + failure.message)}\n")
        if failure.hint:
            sys.stderr.write(f"  {safe(failure.hint)}\n")


def tell_notes(notes: Sequence[Note]) -> None:
    """A line each, whatever the format."""
    for note in notes:
        sys.stderr.write(f"note: {safe(note.message)}\n")


def end(failures: Sequence[ImageFailure], notes: Sequence[Note] = ()) -> None:
    """Tells them, and ends with status 2 if an image could not be answered about."""
    tell_notes(notes)
    tell(failures)
    if failures:
        raise typer.Exit(2)
