"""What is the standard library of a Python version, and what does it do when it is imported?

The modules come from the package stdlib-list (this module is its one door), the rest from `data/stdlib.json` and
`data/stdlib_names.json`, which `scripts/stdlib_tables.py` and `scripts/stdlib_names.py` read off real interpreters.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

from msgspec import Struct

from parity.model.version import PythonVersion

NEWEST, OLDEST = PythonVersion(3, 14), PythonVersion(3, 6)
Imports = tuple[tuple[str, tuple[str, ...] | None], ...]


class _Tables(Struct, frozen=True):
    builtins: frozenset[str]
    loaded: frozenset[str]
    imports: Mapping[str, Imports]


def is_standard_library(name: str, version: PythonVersion | None) -> bool:
    """Has Python `version` (None: any that is in use) this module? A submodule goes by its top-level name."""
    top = name.partition(".")[0]
    if version is not None:
        return top in _modules(_listed(version))
    return any(top in _modules(PythonVersion(3, minor)) for minor in range(9, NEWEST.minor + 1))


def versions_with(name: str) -> str:
    """Which versions have this module, in words: "3.6 to 3.11", "3.11 and later"; "" for none."""
    top = name.partition(".")[0]
    minors = [m for m in range(OLDEST.minor, NEWEST.minor + 1) if top in _modules(PythonVersion(3, m))]
    if not minors:
        return ""
    if minors[-1] == NEWEST.minor:
        return f"3.{minors[0]} and later"
    return f"3.{minors[-1]} and earlier"


def loaded_at_startup(version: PythonVersion | None) -> frozenset[str]:
    """The modules that are imported before any program runs: a file of the same name cannot shadow them."""
    return _tables(version).loaded


def builtin_names(version: PythonVersion | None) -> frozenset[str]:
    """The names that every module sees; of every version where the version is not known."""
    if version is not None:
        return _tables(version).builtins
    return frozenset().union(*(_read()[known].builtins for known in _read()))


def imports_of_standard_module(name: str, version: PythonVersion | None) -> Imports:
    """What importing this module imports for certain: (module, names of a from-import or None)."""
    return _tables(version).imports.get(name, ())


def versions_with_name(module: str, name: str, version: PythonVersion) -> str:
    """In which versions, in words, this module has this name, where that of `version` certainly lacks it; else ""."""
    listed, names = _changing_names()
    minors = names.get(module, {}).get(name)
    if minors is None or version.minor in minors or version.minor not in listed:
        return ""
    if minors[-1] == listed[-1]:
        return f"3.{minors[0]} and later"
    return f"3.{minors[-1]} and earlier" if minors[0] == listed[0] else f"3.{minors[0]} to 3.{minors[-1]}"


@cache
def _changing_names() -> tuple[tuple[int, ...], Mapping[str, Mapping[str, list[int]]]]:
    """The minor versions that were asked, and the names that not all of them have."""
    text = resources.files("parity.python").joinpath("data/stdlib_names.json").read_text("utf8")
    told = json.loads(text)
    return tuple(int(version.partition(".")[2]) for version in told["versions"]), told["names"]


def _listed(version: PythonVersion) -> PythonVersion:
    return max(OLDEST, min(NEWEST, version))


NO_MODULES = frozenset(("lib.libpython3",))
"""What stdlib-list names by mistake: a shared library, in its list of 3.9."""


@cache
def _modules(version: PythonVersion) -> frozenset[str]:
    from stdlib_list import stdlib_list

    names = stdlib_list(str(version))
    return frozenset(name.partition(".")[0] for name in names if name not in NO_MODULES)


def _tables(version: PythonVersion | None) -> _Tables:
    tables = _read()
    known = sorted(tables)
    wanted = version or known[-1]
    return tables[min(known, key=lambda one: (abs(one.minor - wanted.minor), one))]


@cache
def _read() -> Mapping[PythonVersion, _Tables]:
    text = resources.files("parity.python").joinpath("data/stdlib.json").read_text("utf8")
    found = {}
    for version, table in json.loads(text).items():
        major, _, minor = version.partition(".")
        imports = {
            name: tuple((module, None if names is None else tuple(names)) for module, names in rows)
            for name, rows in table["imports"].items()
        }
        found[PythonVersion(int(major), int(minor))] = _Tables(
            frozenset(table["builtins"]), frozenset(table["loaded"]), imports
        )
    return found
