"""Writes docs/rules, a page for each rule from the rule itself, their list, and their place in mkdocs.yml.

python scripts/write_rule_pages.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from parity.rules import ALL_RULES, AnyRule  # noqa: E402

FOLDER = ROOT / "docs" / "rules"
SITE = ROOT / "mkdocs.yml"
GROUPS = {
    "PAR1": "Modules and names",
    "PAR2": "Packages",
    "PAR3": "Circular imports",
    "PAR4": "Syntax and Python version",
    "PAR5": "Data files",
    "PAR6": "The build and the start command",
    "PAR7": "Mounts",
    "PAR8": "Checks of the start-up",
    "PAR9": "The check itself",
}
INDEX = """\
# Rules

`parity rule` lists them, and `parity rule PAR101` shows a page in the terminal. The severity is the one that a finding
has where nothing speaks for another: an `error` is a start-up that fails, a `warning` is code that fails later or may
fail, an `info` is worth knowing. `select` and `ignore` of the [configuration](../configuration.md) say which rules are
wanted.
"""


def page(rule: AnyRule) -> str:
    """What `parity rule CODE` says, with the severity below the title."""
    title = f"# {rule.code} {rule.name}\n\nSeverity: **{rule.severity.value}**"
    return f"{title}\n\n{rule.documentation}\n"


def index() -> str:
    """All rules, in tables of those whose codes begin alike."""
    lines = [INDEX]
    for beginning, name in GROUPS.items():
        rules = [rule for rule in ALL_RULES if rule.code.startswith(beginning)]
        if rules:
            lines += [f"## {name}\n", "| rule | severity | what it reports |", "| --- | --- | --- |"]
            lines += [
                f"| [{rule.code} {rule.name}]({rule.code}.md) | {rule.severity.value} | {rule.summary} |"
                for rule in rules
            ]
            lines.append("")
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """File name to text."""
    return {"index.md": index()} | {f"{rule.code}.md": page(rule) for rule in ALL_RULES}


def site() -> str:
    """mkdocs.yml, with the pages of the rules at its end."""
    before, heading, _ = SITE.read_text("utf8").partition("  - Rules:\n")
    return before + heading + "".join(f"      - rules/{name}\n" for name in pages())


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.md"):
        if old.name not in pages():
            old.unlink()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, "utf8")
    SITE.write_text(site(), "utf8")
