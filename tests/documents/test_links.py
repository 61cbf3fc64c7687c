"""Links lead somewhere, and every page can be reached."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from parity.cli.app import app
from tests.conftest import ROOT
from tests.documents.pages import DOCS, PAGES

_LINK = re.compile(r"\]\(([^)\s:]+)\)")


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(page.read_text("utf8")):
        target, _, anchor = link.partition("#")
        place = (page.parent / target) if target else page
        assert place.exists(), link
        assert not anchor or anchor in anchors(place), link


def test_the_site_has_every_page() -> None:
    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text())

    def named(part: object) -> list[str]:
        if isinstance(part, str):
            return [part]
        return [name for one in (part.values() if isinstance(part, dict) else part) for name in named(one)]  # type: ignore[attr-defined]

    assert sorted(named(site["nav"])) == sorted(
        page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")
    )


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text("utf8")
    names = [command.name for command in app.registered_commands]
    assert [name for name in names if f"| `parity {name}" not in text] == []
