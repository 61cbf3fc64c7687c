"""What does a document of the image say that the program reads: JSON, YAML, TOML?"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from functools import partial

from parity.model.location import Unknown
from parity.startup.library.files import absolute
from parity.startup.library.known import Known
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    External,
    FileText,
    Items,
    Scalar,
    Table,
    Value,
)
from parity.tree.links import follow

LONGEST = 100_000
MOST_VALUES = 5_000
"""Values of one document: aliases of YAML can make many of a short text."""


def _yaml(text: str) -> object:
    import yaml  # it takes a while, and few programs read such a file when they start

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError from error


def _load(
    machine: Machine, arguments: Arguments, _bound: Value | None, *, read: Callable[[str], object]
) -> Value:
    source = arguments.get(0)
    if not arguments.keywords.keys() <= {"Loader"} or not _makes_plain_data(arguments.get(1, "Loader")):
        return ANYTHING
    if isinstance(source, External):  # an open file
        source = source.bound_to
    return _read(machine, source.path, read) if isinstance(source, FileText) else ANYTHING


def _makes_plain_data(loader: Value | None) -> bool:
    """Does this loader of YAML make of each scalar what `safe_load` does?"""
    return loader is None or (isinstance(loader, External) and loader.name in _LOADERS)


_LOADERS = frozenset(f"yaml.{kind}Loader" for kind in ("Safe", "CSafe", "Full", "CFull", "", "C", "Unsafe"))


def read_document(machine: Machine, path: str) -> Value:
    """What a YAML file of the image says, which a framework reads."""
    return _read(machine, absolute(machine, path), _yaml)


def _read(machine: Machine, path: str, read: Callable[[str], object]) -> Value:
    data = machine.world.files.read(follow(machine.world.files, path).path)
    if isinstance(data, Unknown) or len(data) > LONGEST or path in machine.touched:
        return ANYTHING
    try:
        return _Values().of(read(data.decode("utf8")))
    except (ValueError, RecursionError):
        return ANYTHING


class _Values:
    """Makes values of plain data. Raises ValueError where there are too many."""

    def __init__(self) -> None:
        self.made = 0

    def of(self, data: object) -> Value:
        self.made += 1
        if self.made > MOST_VALUES:
            raise ValueError
        if isinstance(data, Mapping):
            entries: dict[Scalar, Value] = {}
            for key, value in data.items():
                if not isinstance(key, str | int | float | bool | None):
                    raise ValueError
                entries[key] = self.of(value)
            return Table(entries)
        if isinstance(data, list):
            return Items("list", [self.of(one) for one in data])
        return Constant(data) if isinstance(data, str | int | float | bool | None) else ANYTHING


READERS: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(("json.load", "json.loads"), json.loads),
    **dict.fromkeys(("yaml.safe_load", "yaml.load", "yaml.full_load"), _yaml),
    **dict.fromkeys(("tomllib.load", "tomllib.loads", "tomli.load", "tomli.loads"), tomllib.loads),
}
CALLS: dict[str, Known] = {name: partial(_load, read=read) for name, read in READERS.items()}
