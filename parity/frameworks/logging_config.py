"""What do `logging.config.dictConfig` and `fileConfig` import? (CPython: Lib/logging/config.py)

Formatters, filters and handlers may be classes of the project, named by texts. A server's `--log-config` comes to the
same (uvicorn, gunicorn, hypercorn: a file of sections, JSON or YAML).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from parity.frameworks.named import Texts, entry, load_object
from parity.model.location import Unknown
from parity.starts.sections import sections, value
from parity.startup.library.files import absolute
from parity.startup.library.known import Known
from parity.startup.library.openers import configure_logging
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, Table, Value, text_of
from parity.tree.links import follow

PARTS = ("formatters", "filters", "handlers")


def classes_of(configuration: Value | None) -> Iterator[str]:
    """The dotted names of a logging dictionary that are none of the standard library's."""
    for part in PARTS:
        table = entry(configuration, part)
        for one in table.entries.values() if isinstance(table, Table) else ():
            yield from _own(text_of(entry(one, "()") or entry(one, "class")))


def _own(name: object) -> Iterator[str]:
    if isinstance(name, str) and "." in name and not name.startswith(("logging.", "ext://", "handlers.")):
        yield name


def _dict_config(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    texts = Texts()
    for frame in reversed(machine.frames):
        texts.add(frame.module)
    for name in classes_of(arguments.get(0, "config")):
        with texts.standing_at(machine, name):
            load_object(machine, name)
    return ANYTHING


def _file_config(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name = text_of(arguments.get(0, "fname"))
    if name is None:
        return ANYTHING
    configure_logging(machine, arguments, None)
    data = machine.world.files.read(follow(machine.world.files, absolute(machine, name)).path)
    for written in () if isinstance(data, Unknown) else _classes_in(name, data.decode("utf8", "replace")):
        load_object(machine, written)
    return ANYTHING


def _classes_in(name: str, text: str) -> Iterable[str]:
    if name.endswith((".json", ".yaml", ".yml")):
        document = _document(name, text)
        tables = [document.get(part) for part in PARTS] if isinstance(document, Mapping) else []
        rows = [row for table in tables if isinstance(table, Mapping) for row in table.values()]
        names = [row.get("()") or row.get("class") for row in rows if isinstance(row, Mapping)]
        return [found for one in names for found in _own(one)]
    parts = [rows for title, rows in sections(text).items() if title.startswith(("formatter_", "handler_"))]
    return [found for rows in parts for found in _own(value(rows, "class"))]


def _document(name: str, text: str) -> object:
    import yaml  # it takes a while, and few services have such a file

    try:
        return json.loads(text) if name.endswith(".json") else yaml.safe_load(text)
    except (ValueError, RecursionError, yaml.YAMLError):
        return None


CALLS: dict[str, Known] = {
    "logging.config.dictConfig": _dict_config,
    "logging.config.fileConfig": _file_config,
}
