"""Data files that the start-up reads through the package that holds them."""

from __future__ import annotations

import posixpath
from functools import partial

from parity.startup.library.files import require_file
from parity.startup.library.known import Known, register
from parity.startup.state.machine import Machine
from parity.startup.state.values import ANYTHING, Arguments, FilePath, ModuleValue, Value, text_of

CALLS: dict[str, Known] = {}
known = partial(register, CALLS)


@known("importlib.resources.files", "importlib_resources.files")
def _files(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    folder = _folder(machine, arguments.get(0))
    return ANYTHING if folder is None else FilePath(folder)


@known(
    "importlib.resources.read_text",
    "importlib.resources.read_binary",
    "importlib.resources.open_text",
    "importlib.resources.open_binary",
    "pkgutil.get_data",
)
def _read(machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    folder, name = _folder(machine, arguments.get(0)), text_of(arguments.get(1))
    if folder is not None and name is not None:
        require_file(machine, posixpath.join(folder, name))
    return ANYTHING


def _folder(machine: Machine, package: Value | None) -> str | None:
    """The folder of a package, which is imported where it is named."""
    name = text_of(package)
    value = machine.importing.import_module(name) if name else package
    if not isinstance(value, ModuleValue) or not value.module.in_image:
        return None
    module = value.module
    if module.folders is None:
        return posixpath.dirname(module.image_path) or None
    return module.folders[0] if len(module.folders) == 1 else None
