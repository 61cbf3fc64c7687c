"""Which formats are there? Each is the module of its name: a new one is one new file."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType


def names(family: str) -> tuple[str, ...]:
    """The formats of `report`, `graph` or `files`, sorted; none of them is imported."""
    package = import_module(f"parity.formats.{family}")
    return tuple(sorted(module.name for module in pkgutil.iter_modules(package.__path__)))


def load(family: str, name: str) -> ModuleType:
    """The module of a format that `names` gives; its `render` makes the text."""
    return import_module(f"parity.formats.{family}.{name}")
