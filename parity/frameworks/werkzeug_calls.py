"""What do Flask's and Quart's configuration, and Werkzeug's `import_string`, load because a text names it?

Read from werkzeug 3.1 (`import_string`), flask 3.1 (`Config`) and quart 0.20, whose `Config` is Flask's.
"""

from __future__ import annotations

from parity.frameworks.named import import_string
from parity.startup.library.known import Known
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Constant,
    External,
    FilePath,
    Value,
    text_of,
    truth,
)
from parity.tree.base import join


def _import_string(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name = text_of(arguments.get(0, "import_name"))
    silent = arguments.get(1, "silent") or Constant(False)
    return import_string(machine, name) if name and truth(silent) is False else ANYTHING


def _from_object(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    name = text_of(arguments.get(0, "obj"))
    if name:
        import_string(machine, name)
    return ANYTHING


def _from_pyfile(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    return _read(machine, arguments.get(0, "filename"), arguments.get(1, "silent"), bound)


def _from_file(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    return _read(machine, arguments.get(0, "filename"), arguments.get(2, "silent"), bound)


def _read(machine: Machine, name: Value | None, silent: Value | None, root: Value | None) -> Value:
    """A file below the application's folder, which must be there unless it is silent."""
    text = text_of(name)
    if text and isinstance(root, FilePath) and (silent is None or truth(silent) is False):
        path = Constant(join(root.text, text))
        machine.interpreting.call(External("builtins.open"), Arguments((path,)))
    return ANYTHING


def configuration(made: str) -> dict[str, Known]:
    """The calls of `made.config`, where the value that stands for `made` is bound to its folder, if that is known."""
    return {
        f"{made}.config.from_object": _from_object,
        f"{made}.config.from_pyfile": _from_pyfile,
        f"{made}.config.from_file": _from_file,
    }


CALLS: dict[str, Known] = dict.fromkeys(
    ("werkzeug.utils.import_string", "werkzeug.import_string"), _import_string
)
