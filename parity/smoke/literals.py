"""Python's own words: texts, and imports of modules whatever they are called."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterable

_NEEDS = re.compile(r"import (os|sys|runpy|importlib); ")


def literal(text: str) -> str:
    """In double quotes, so that a shell's single quotes can stand around it."""
    return json.dumps(text, ensure_ascii=False).encode("utf8", "backslashreplace").decode("utf8")


def import_of(module: str, attribute: str = "", brackets: str = "") -> str:
    """The statement that imports `module` and looks up `attribute` (dotted), and calls it with `brackets`.

    `importlib` takes names that no import statement can say (`my-app`).
    """
    if not all(part.isidentifier() and not keyword.iskeyword(part) for part in module.split(".")):
        rest = f".{attribute}{brackets}" if attribute else ""
        return f"import importlib; importlib.import_module({literal(module)}){rest}"
    if not attribute:
        return f"import {module}"
    first, dot, _ = attribute.partition(".")
    imported = f"from {module} import {first}"
    return f"{imported}; {attribute}{brackets}" if dot or brackets else imported


def code_of(statements: Iterable[str]) -> str:
    """One line of Python, what it needs of the standard library in front."""
    needed: dict[str, None] = {}
    rest: list[str] = []
    for statement in statements:
        found = _NEEDS.match(statement)
        if found:
            needed[found[1]] = None
        rest.append(statement[found.end() :] if found else statement)
    first = (f"import {', '.join(needed)}",) if needed else ()
    return "; ".join((*first, *dict.fromkeys(rest)))
