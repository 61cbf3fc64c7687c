"""A pre-commit hook that checks the images before each commit.

pre-commit: only files that are added or changed start a hook by their names; a module that is deleted must, too.
"""

from __future__ import annotations

import re

from parity.cli.scaffold.source import Source
from parity.deployments.yaml_file import Table, document
from parity.model.errors import ParityError

_ANCHOR = re.compile(r"[:-] +&\w")
"""What it names may stand in several places: a person's work."""
_OF_A_SOURCE = """\
- repo: {url}
  rev: {commit}
  hooks:
    - id: parity
"""
_OF_WHO_COMMITS = """\
- repo: local
  hooks:
    - id: parity
      name: parity
      entry: parity check
      language: system
      pass_filenames: false
      always_run: true
"""


def rendered(source: Source | None) -> str:
    """The text of `.pre-commit-config.yaml`. Without a source the hook runs the `parity` of whoever commits."""
    return "repos:\n" + _indented(_entry(source), "  ")


def is_set_up(text: str) -> bool:
    """Has the configuration a hook of ours?"""
    repositories = _repositories(text) or ()
    return any(hook.text("id") == "parity" for one in repositories for hook in one.tables("hooks"))


def extended(text: str, source: Source | None) -> str | None:
    """The configuration with our hook behind the others, each other byte as it was; None where that cannot be done."""
    before = _repositories(text)
    head = re.search(r"^repos:[ \t]*(?:#[^\n]*)?\n", text, re.MULTILINE)
    if before is None or head is None or _ANCHOR.search(text):
        return None
    rest = text[head.end() :].splitlines(keepends=True)
    block = _length_of_block(rest)
    lines = rest[:block]
    indent = next((line[: line.index("-")] for line in lines if line.lstrip().startswith("- ")), "  ")
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    made = text[: head.end()] + "".join([*lines, _indented(_entry(source), indent), *rest[block:]])
    after = _repositories(made)
    return made if after is not None and after[:-1] == before and is_set_up(made) else None


def _repositories(text: str) -> tuple[Table, ...] | None:
    """None for what is no list of them."""
    try:
        found = document(text, ".pre-commit-config.yaml").get("repos")
    except ParityError:
        return None
    tables = tuple(one for one in found if isinstance(one, Table)) if isinstance(found, tuple) else ()
    return tables if found is None or tables == found else None


def _length_of_block(lines: list[str]) -> int:
    """How many lines belong to the key above them: up to the last that is no comment, blank line or key beside it."""
    length = 0
    for number, line in enumerate(lines, 1):
        if line[:1] not in (" ", "\t", "-", "#", "\n", "\r"):
            break
        if line.strip() and not line.lstrip().startswith("#"):
            length = number
    return length


def _entry(source: Source | None) -> str:
    if source is None:
        return _OF_WHO_COMMITS
    return _OF_A_SOURCE.format(url=source.url, commit=source.commit)


def _indented(text: str, indent: str) -> str:
    return "".join(f"{indent}{line}" for line in text.splitlines(keepends=True))
