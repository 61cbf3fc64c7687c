"""Which distribution provides a module, and what does it require? As a table knows the public ones.

`data/distributions.json`, which `scripts/distributions_table.py` reads off the newest wheels on PyPI.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from importlib import resources
from typing import Protocol

from msgspec import Struct

from parity.model.packages import normalized


class Knowledge(Protocol):
    """What is known of distributions; names are normalized."""

    def modules(self, distribution: str) -> tuple[str, ...] | None:
        """The shallowest modules that it alone provides; None: it is not known here."""

    def requires(self, distribution: str, extras: Iterable[str]) -> tuple[str, ...] | None:
        """What it may require on Linux, in any version; `name` or `name[extra]`; None: it is not known here."""

    def providers(self, module: str) -> frozenset[str]:
        """The distributions that provide this dotted name, or something below it."""


class Catalogue(Struct, frozen=True, dict=True):
    """`read` is the day on which the table was made."""

    read: str
    table: Mapping[str, Mapping[str, object]]

    def modules(self, distribution: str) -> tuple[str, ...] | None:
        told = self.table.get(distribution)
        if told is None:
            return None
        listed = told.get("modules")
        return tuple(listed) if isinstance(listed, list) else (distribution.replace("-", "_"),)

    def requires(self, distribution: str, extras: Iterable[str]) -> tuple[str, ...] | None:
        told = self.table.get(distribution)
        if told is None:
            return None
        listed, before = told.get("requires", []), told.get("formerly", [])
        if not isinstance(listed, list) or not isinstance(before, list):
            return None
        found = [*listed, *before]
        more = told.get("extras")
        for extra in extras:
            found += more.get(extra, ()) if isinstance(more, dict) else ()
        return tuple(found)

    def extras(self, distribution: str) -> tuple[str, ...]:
        """Those that it has, as far as it is known."""
        more = self.table.get(distribution, {}).get("extras")
        return tuple(more) if isinstance(more, dict) else ()

    def providers(self, module: str) -> frozenset[str]:
        return providers_in(self._by_module, module)

    @cached_property
    def _by_module(self) -> Mapping[str, tuple[str, ...]]:
        return by_module((name, self.modules(name) or ()) for name in self.table)


def by_module(modules: Iterable[tuple[str, Iterable[str]]]) -> Mapping[str, tuple[str, ...]]:
    """(distribution, its modules) -> the distributions of each module, and of each namespace above one."""
    found: dict[str, tuple[str, ...]] = {}
    for name, listed in modules:
        for module in listed:
            while module:
                found[module] = (*found.get(module, ()), name)
                module = module.rpartition(".")[0]
    return found


def providers_in(known: Mapping[str, tuple[str, ...]], module: str) -> frozenset[str]:
    """Of `a.b.c`: those of the longest part that is known."""
    while module:
        if module in known:
            return frozenset(known[module])
        module = module.rpartition(".")[0]
    return frozenset()


@cache
def public_catalogue() -> Catalogue:
    """The table that comes with the package."""
    text = resources.files("parity.python").joinpath("data/distributions.json").read_text("utf8")
    told = json.loads(text)
    return Catalogue(told["read"], told["distributions"])


class Told(Struct, frozen=True, dict=True):
    """What the user says: import name -> distribution."""

    names: Mapping[str, str]

    def modules(self, distribution: str) -> tuple[str, ...] | None:
        return tuple(m for m, name in self.names.items() if normalized(name) == distribution) or None

    def requires(self, distribution: str, extras: Iterable[str]) -> tuple[str, ...] | None:
        del distribution, extras
        return None

    def providers(self, module: str) -> frozenset[str]:
        return providers_in({m: (normalized(name),) for m, name in self.names.items()}, module)
