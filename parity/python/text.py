r"""Which text does CPython read from the bytes of a source file?

CPython: a UTF-8 byte order mark, else a PEP 263 declaration in the first two lines, else UTF-8; `\r\n` and
`\r` end lines as `\n` does (Parser/tokenizer: translate_newlines).
"""

from __future__ import annotations

import codecs
import re

_DECLARATION = re.compile(rb"[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")
_NOTHING = re.compile(rb"[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n)")
_BOM = b"\xef\xbb\xbf"
_SLOW = frozenset({"punycode", "idna"})  # quadratic, and no source file is written in them


def text_of(source: bytes) -> str:
    r"""The text of a module, lines ended by `\n`, without the byte order mark.

    Never raises: bytes that are not of the declared encoding become lone surrogates (UTF-8) or U+FFFD.
    """
    if source.startswith(_BOM):
        text = source[3:].decode("utf8", "surrogateescape")
    else:
        text = _decoded(source, _declared(source))
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _declared(source: bytes) -> str | None:
    first = _DECLARATION.match(source)
    if first is None:
        blank = _NOTHING.match(source)
        first = _DECLARATION.match(source, blank.end()) if blank else None
    return first[1].decode("ascii", "replace") if first else None


def _decoded(source: bytes, encoding: str | None) -> str:
    if encoding is not None:
        try:
            name = codecs.lookup(encoding).name
            if name not in _SLOW and name != "utf-8":
                return source.decode(name, "replace")
        except (LookupError, ValueError):
            pass  # no such encoding: CPython refuses the file, its imports can still be read
    return source.decode("utf8", "surrogateescape")
