"""Hostile text made harmless: control characters, escape sequences and broken bytes are shown, not sent."""

from __future__ import annotations

import re

from parity.model.octets import octets

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def safe(text: str) -> str:
    r"""One line that changes nothing on a terminal: `\x1b`, `\n` and the like are written out."""
    return _UNSAFE.sub(lambda found: _written(found[0]), text)


def _written(char: str) -> str:
    if "\udc80" <= char <= "\udcff":  # a byte that is no UTF-8, as Python reads file names
        return f"\\x{ord(char) - 0xDC00:02x}"
    return char.encode("unicode_escape").decode()


def encodable(text: str) -> str:
    """The text with bytes that were not UTF-8 replaced, for formats that must be valid Unicode."""
    return octets(text).decode("utf8", "replace")
