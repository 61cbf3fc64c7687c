"""Changed files as a unified diff, as `patch -p1` and `git apply` take it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import unified_diff

from parity.formats.safe import safe
from parity.formats.style import Style
from parity.model.change import Change
from parity.model.octets import octets

_COLORS = {"+": "green", "-": "red", "@": "cyan"}


def render(changes: Sequence[Change]) -> str:
    """The exact bytes, those that are not UTF-8 as surrogates; paths are relative to PATH."""
    return "".join(line for change in changes for line in _lines(change))


def render_for_people(changes: Sequence[Change], style: Style) -> str:
    """The same with colours, and nothing that a terminal would act on."""
    shown = []
    for line in render(changes).split("\n"):
        text = safe(line.removesuffix("\r"))
        heads = line.startswith(("--- ", "+++ "))
        shown.append(style.paint(text, "bold" if heads else _COLORS.get(line[:1], "dim")) if text else "")
    return "\n".join(shown)


def _lines(change: Change) -> Iterator[str]:
    before, after = (_split(data) for data in (change.before, change.after))
    for line in unified_diff(before, after, quoted(f"a/{change.path}"), quoted(f"b/{change.path}")):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def quoted(name: str) -> str:
    r"""A file's name in the head of a diff: `"a/x\ny"` where a byte needs it.

    git: quote.c: quote_c_style, with core.quotePath=false; diff.c: a tab ends a name with spaces.
    """
    data = octets(name)
    if not _QUOTED.search(data):
        return name + "\t" if " " in name else name
    return '"' + _QUOTED.sub(_escape, data).decode("utf8", "surrogateescape") + '"'


def _escape(byte: re.Match[bytes]) -> bytes:
    return _NAMED.get(byte[0]) or b"\\%03o" % byte[0][0]


_QUOTED = re.compile(rb"[\x00-\x1f\x7f\"\\]")
_NAMED = {
    b"\a": b"\\a", b"\b": b"\\b", b"\t": b"\\t", b"\n": b"\\n", b"\v": b"\\v", b"\f": b"\\f", b"\r": b"\\r",
    b'"': b'\\"', b"\\": b"\\\\",
}  # fmt: skip


def _split(data: bytes) -> list[str]:
    lines = data.decode("utf8", "surrogateescape").split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
