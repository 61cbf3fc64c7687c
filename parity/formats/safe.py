"""Hostile text made harmless: control characters, escape sequences and broken bytes are shown, not sent."""

from __future__ import annotations

import re

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def safe(text: str) -> str:
    r"""One line that changes nothing on a terminal: `\x1b`, `\n` and the like are written out."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def encodable(text: str) -> str:
    """The text with bytes that were not UTF-8 replaced, for formats that must be valid Unicode."""
    return text.encode("utf8", "surrogateescape").decode("utf8", "replace")
