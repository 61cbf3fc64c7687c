"""docs/rules is what the rules say of themselves, and the site has it."""

from __future__ import annotations

from scripts.write_rule_pages import FOLDER, SITE, pages, site


def test_the_pages_are_those_of_the_rules() -> None:
    written = {page.name: page.read_text("utf8") for page in FOLDER.glob("*.md")}
    assert written == pages(), "python scripts/write_rule_pages.py writes them anew"
    assert SITE.read_text("utf8") == site(), "python scripts/write_rule_pages.py writes it anew"
