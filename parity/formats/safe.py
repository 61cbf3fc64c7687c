"""Hostile text made harmless: control characters, escape sequences and broken bytes are shown, not sent."""

from __future__ import annotations

import json
import re

from parity.model.octets import octets

_SET = "\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
_UNSAFE = re.compile(f"[\x00-\x1f{_SET}]")
_UNSEEN = re.compile(f"[{_SET}]")


def safe(text: str) -> str:
    r"""One line that changes nothing on a terminal: `\x1b`, `\n` and the like are written out."""
    return _UNSAFE.sub(lambda found: _written(found[0]), text)


def _written(char: str) -> str:
    if "\udc80" <= char <= "\udcff":  # a byte that is no UTF-8, as Python reads file names
        return f"\\x{ord(char) - 0xDC00:02x}"
    return char.encode("unicode_escape").decode()


def json_text(value: object) -> str:
    r"""A document in JSON: what a terminal would act on is written as `\u009b`, a byte that is no UTF-8 as U+FFFD."""
    text = octets(json.dumps(value, indent=2, ensure_ascii=False)).decode("utf8", "replace")
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"
