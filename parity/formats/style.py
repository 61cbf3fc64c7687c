"""Colours for a terminal, or none."""

from __future__ import annotations

from msgspec import Struct

_CODES = {"red": "31", "yellow": "33", "cyan": "36", "green": "32", "blue": "94", "bold": "1", "dim": "2"}


class Style(Struct, frozen=True):
    """`color`: write ANSI codes. `width`: columns of the terminal, 0 for no limit."""

    color: bool = False
    width: int = 0

    def paint(self, text: str, *names: str) -> str:
        """The text in these colours (red, yellow, cyan, green, blue, bold, dim)."""
        if not self.color or not text:
            return text
        return f"\x1b[{';'.join(_CODES[name] for name in names)}m{text}\x1b[0m"


PLAIN = Style()
