"""Text that is not all of Unicode -> bytes: names that are no UTF-8, and literals with half a surrogate pair."""

from __future__ import annotations


def octets(text: str) -> bytes:
    r"""UTF-8; bytes that were none (PEP 383) as they were, a half of a pair (`"\ud800"`) as CPython would pass it."""
    try:
        return text.encode("utf8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf8", "surrogatepass")
