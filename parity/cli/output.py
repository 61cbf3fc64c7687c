"""Where the answer goes, and how it looks there."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from parity.cli.options import Color
from parity.formats.style import Style
from parity.model.errors import ParityError
from parity.model.location import Location


def style_of(color: Color, output: Path | None) -> Style:
    """Colour and width: on a terminal, unless NO_COLOR says otherwise; FORCE_COLOR brings it elsewhere."""
    terminal = output is None and sys.stdout.isatty()
    wanted = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    if color is not Color.AUTO:
        wanted = color is Color.ALWAYS
    elif os.environ.get("FORCE_COLOR") and not os.environ.get("NO_COLOR"):
        wanted = True
    return Style(wanted, shutil.get_terminal_size().columns if terminal else 0)


def write(text: str, output: Path | None) -> None:
    """To the file, or to standard output."""
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        output.write_text(text, "utf8", errors="replace")
    except OSError as error:
        raise ParityError(f"cannot write {output}: {error.strerror}") from None


def excerpt_of(root: Path) -> Callable[[Location], str | None]:
    """Reads the line of a location from the files below `root`."""
    seen: dict[str, list[str]] = {}

    def excerpt(place: Location) -> str | None:
        if place.path not in seen:
            try:
                text = (root / place.path).read_bytes().decode("utf8", "replace")
            except (OSError, ValueError):
                text = ""
            seen[place.path] = text.split("\n")
        lines = seen[place.path]
        return lines[place.line - 1] if 0 < place.line <= len(lines) else None

    return excerpt
