"""What does an INI file say: sections with keys that may stand several times?

Written for uwsgi, supervisord, circus, alembic and setup.cfg, which agree on: `[section]`, `key = value`,
`#` and `;` comment lines, indented lines that go on with the value above.
"""

from __future__ import annotations

from collections.abc import Mapping

Section = tuple[tuple[str, str], ...]


def sections(text: str, *, continued: bool = True) -> Mapping[str, Section]:
    """Section name -> its (key, value) pairs. `continued`: indented lines belong to the value above."""
    found: dict[str, list[tuple[str, str]]] = {}
    current: list[tuple[str, str]] | None = None
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped or stripped.startswith(("#", ";")):
            continue
        if stripped.startswith("[") and "]" in stripped:
            current = found.setdefault(stripped[1 : stripped.index("]")].strip(), [])
        elif current is None:
            continue
        elif continued and line[0] in " \t" and current:
            key, value = current[-1]
            current[-1] = (key, f"{value}\n{stripped}" if value else stripped)
        else:
            key, separator, value = _split(stripped)
            current.append((key, value if separator else ""))
    return {name: tuple(pairs) for name, pairs in found.items()}


def _split(line: str) -> tuple[str, str, str]:
    """At the first `=` or `:` (configparser)."""
    places = [place for place in (line.find("="), line.find(":")) if place >= 0]
    if not places:
        return line, "", ""
    at = min(places)
    return line[:at].strip(), line[at], line[at + 1 :].strip()


def value(section: Section, key: str) -> str | None:
    """The last value of a key; configparser compares keys in lower case."""
    return next((text for name, text in reversed(section) if name.lower() == key), None)


def without_comment(text: str) -> str:
    """A value less an inline ` ;comment` (supervisord, alembic write them so)."""
    return text.partition(" ;")[0].strip()
