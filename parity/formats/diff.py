"""Changed files as a unified diff, as `patch -p1` and `git apply` take it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import unified_diff

from parity.formats.safe import safe
from parity.formats.style import Style
from parity.model.change import Change

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
    for line in unified_diff(before, after, f"a/{change.path}", f"b/{change.path}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _split(data: bytes) -> list[str]:
    lines = data.decode("utf8", "surrogateescape").split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
