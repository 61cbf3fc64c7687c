"""A YAML file as plain values that still know where they stand.

Scalars are texts as written, null is None. Aliases are shared, never copied, so that a file of a few lines cannot
become a million values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

import yaml
from msgspec import Struct, field

from parity.model.errors import ParityError
from parity.model.location import Location

_MOST_PLACES = 200
"""Items of a sequence whose places are kept."""
_MOST_SOURCES = 8
"""Mappings that one `<<` merges."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Table(Struct, frozen=True):
    """A mapping. `places`: where each key stands; that of item 2 of `volumes` is called `volumes.2`."""

    entries: Mapping[str, Value] = field(default_factory=dict)
    places: Mapping[str, Location] = field(default_factory=dict)

    def get(self, *keys: str) -> Value:
        """The value below these keys, None where there is none."""
        value: Value = self
        for key in keys:
            value = value.entries.get(key) if isinstance(value, Table) else None
        return value

    def table(self, *keys: str) -> Table:
        value = self.get(*keys)
        return value if isinstance(value, Table) else EMPTY

    def text(self, *keys: str) -> str | None:
        value = self.get(*keys)
        return value if isinstance(value, str) else None

    def items(self, *keys: str) -> tuple[Value, ...]:
        """The items of a sequence, () of anything else."""
        value = self.get(*keys)
        return value if isinstance(value, tuple) else ()

    def tables(self, *keys: str) -> Iterator[Table]:
        """The mappings in a sequence."""
        for item in self.items(*keys):
            if isinstance(item, Table):
                yield item


Value: TypeAlias = "Table | tuple[Value, ...] | str | None"
EMPTY = Table()


@lru_cache(maxsize=64)
def documents(text: str, path: str) -> tuple[Value, ...]:
    """The documents of the file. Raises ParityError for what is no YAML."""
    try:
        return tuple(_Reader(path).value(node) for node in yaml.compose_all(text, Loader=_LOADER))
    except (yaml.YAMLError, RecursionError, ValueError, AttributeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", -1) + 1
        raise ParityError("is not valid YAML", Location(path, line)) from None


def document(text: str, path: str) -> Table:
    """The first document, where it is a mapping. Raises ParityError for what is no YAML."""
    first = next(iter(documents(text, path)), None)
    return first if isinstance(first, Table) else EMPTY


class _Reader:
    def __init__(self, path: str) -> None:
        self.path = path
        self.known: dict[int, Value] = {}

    def value(self, node: yaml.Node) -> Value:
        if id(node) not in self.known:
            self.known[id(node)] = None  # what holds itself
            self.known[id(node)] = self._read(node)
        return self.known[id(node)]

    def _read(self, node: yaml.Node) -> Value:
        if isinstance(node, yaml.MappingNode):
            return self._table(node)
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.value(item) for item in node.value)
        return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)

    def _table(self, node: yaml.MappingNode) -> Table:
        own: dict[str, Value] = {}
        merged: dict[str, Value] = {}
        places: dict[str, Location] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value == "<<":
                sources = self.value(value)
                for source in (sources if isinstance(sources, tuple) else (sources,))[:_MOST_SOURCES]:
                    if isinstance(source, Table):
                        merged = {**source.entries, **merged}
                        places = {**source.places, **places}
                continue
            own[key.value] = self.value(value)
            mark = key.start_mark
            places[key.value] = Location(self.path, mark.line + 1, mark.column + 1)
            if isinstance(value, yaml.SequenceNode):
                for number, item in enumerate(value.value[:_MOST_PLACES]):
                    mark = item.start_mark
                    places[f"{key.value}.{number}"] = Location(self.path, mark.line + 1, mark.column + 1)
        return Table({**merged, **own}, places)
