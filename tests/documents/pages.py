"""The documents and their blocks of code: what the tests of this folder hold to be true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md")))

_FENCE = re.compile(r"(?P<ticks>```+)(?P<language>\S*)\n(?P<text>.*?)^(?P=ticks)$", re.DOTALL | re.MULTILINE)
_PLACE = re.compile(r"<!-- in (\S+) -->\n+\Z")


@dataclass(frozen=True)
class Block:
    """`folder`: the fixture of the comment above, `<!-- in fixtures/incident/ignored -->`; "" where there is none."""

    page: Path
    line: int
    language: str
    text: str
    folder: str

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def commands(self) -> tuple[tuple[str, str], ...]:
        """Each command behind a `$ `, and what it prints."""
        parts = re.split(r"^\$ (.*)\n", self.text, flags=re.MULTILINE)
        assert not parts[0].strip(), f"{self.name} shows output before any command"
        return tuple(zip(parts[1::2], parts[2::2], strict=True))


def blocks(*languages: str) -> list[Block]:
    return [block for page in PAGES for block in _blocks(page) if block.language in languages]


def _blocks(page: Path) -> Iterator[Block]:
    text = page.read_text("utf8")
    for found in _FENCE.finditer(text):
        before = text[: found.start()]
        place = _PLACE.search(before)
        yield Block(page, before.count("\n") + 1, found["language"], found["text"], place[1] if place else "")
