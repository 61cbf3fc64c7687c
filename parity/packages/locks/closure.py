"""What is installed of a lock file, given what is asked for?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from parity.model.location import Location
from parity.model.packages import Distribution, Installed
from parity.model.version import PythonVersion
from parity.packages.distribution import may_apply
from parity.tree import toml

LARGEST = 20_000_000
FILES = re.compile(r"^(?:wheels|files) = \[\n(?:[ \t]+\{.*\},?\n)*\]\n", re.MULTILINE)
"""The hashes: nine tenths of most lock files, and nobody's question here."""
NAMED = re.compile(r'^name = "([^"\n]+)"', re.MULTILINE)


class Need(Struct, frozen=True):
    """One distribution asks for another. `marker`: where it does (PEP 508)."""

    name: str
    extras: tuple[str, ...] = ()
    marker: str = ""


Needs = tuple[Need, ...]


class Locked(Struct, frozen=True):
    """A distribution as the lock file has it. `extras` and `groups`: what these need besides.

    `elsewhere`: it comes from no index.
    """

    name: str
    version: str
    needs: Needs = ()
    extras: Mapping[str, Needs] = field(default_factory=dict)
    groups: Mapping[str, Needs] = field(default_factory=dict)
    elsewhere: bool = False


class Lock(Struct, frozen=True):
    """`manifest`: the lock file, a checkout path without leading slash, "" where a step made it.

    A package without a name is the project itself, in files that list what it needs, and not it.
    """

    packages: tuple[Locked, ...]
    manifest: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)

    def named(self, name: str) -> Locked | None:
        return next((one for one in self.packages if one.name == name), None)

    @property
    def root(self) -> Locked | None:
        """The project itself, where it has no name."""
        return self.named("")

    def install(
        self, wanted: Iterable[Need], left_out: Mapping[str, Iterable[Need]], python: PythonVersion | None
    ) -> Installed:
        """`left_out`: by group or extra, what is not asked for. Markers that may hold are taken to hold."""
        by_name: dict[str, list[Locked]] = {}
        for one in self.packages:
            by_name.setdefault(one.name, []).append(one)
        asked = list(wanted)
        there = _reach(by_name, asked, python)
        direct = {need.name for need in asked}
        found = [self._distribution(by_name[name], "", name in direct) for name in there]
        others: dict[str, Distribution] = {}
        for group, needs in left_out.items():
            listed = list(needs)
            names = {need.name for need in listed}
            for name in _reach(by_name, listed, python):
                if name not in there:
                    others.setdefault(name, self._distribution(by_name[name], group, name in names))
        return Installed(tuple(found), True, tuple(others.values()), manifest=self.manifest)

    def every(self) -> tuple[Distribution, ...]:
        """All of it, for whichever group; without a version where there are several."""
        by_name: dict[str, list[Locked]] = {}
        for one in self.packages:
            by_name.setdefault(one.name, []).append(one)
        return tuple(self._distribution(listed, "", direct=True) for listed in by_name.values())

    def _distribution(self, locked: Sequence[Locked], group: str, direct: bool) -> Distribution:
        name = locked[0].name
        versions = {one.version for one in locked}
        place = Location(self.manifest, self.lines.get(name, 0)) if self.manifest else None
        version = versions.pop() if len(versions) == 1 else ""
        elsewhere = any(one.elsewhere for one in locked)
        return Distribution(name, version, location=place, group=group, direct=direct, elsewhere=elsewhere)


def _reach(
    packages: Mapping[str, Sequence[Locked]], needs: Iterable[Need], python: PythonVersion | None
) -> tuple[str, ...]:
    todo = list(needs)
    seen: set[tuple[str, str]] = set()
    found: dict[str, None] = {}
    while todo:
        need = todo.pop()
        if need.name not in packages or (need.marker and not may_apply(need.marker, python)):
            continue
        found[need.name] = None
        for part in ("", *need.extras):
            if (need.name, part) in seen:
                continue
            seen.add((need.name, part))
            for one in packages[need.name]:
                todo += one.extras.get(part, ()) if part else one.needs
    return tuple(found)


def tables_of(content: bytes) -> Mapping[str, object] | None:
    """The tables of a lock file without the hashes; None where it cannot be read."""
    if len(content) > LARGEST:
        return None
    try:
        text = content.decode("utf8")
    except UnicodeDecodeError:
        return None
    return toml.tables_of(FILES.sub("", text.replace("\r\n", "\n")))


def lines_of(content: bytes) -> dict[str, int]:
    """On which line is each package named?"""
    text = content.decode("utf8", "surrogateescape")
    found: dict[str, int] = {}
    line, at = 1, 0
    for match in NAMED.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        found.setdefault(match[1].lower().replace("_", "-").replace(".", "-"), line)
    return found
