"""Which calls are known, of the standard library and of frameworks?

Each file here has CALLS. Everything else returns a value that cannot be told, and does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from parity.startup import library
from parity.startup.library.frameworks import FRAMEWORKS
from parity.startup.library.known import Known

KNOWN: dict[str, Known] = {
    name: call
    for file in iter_modules(library.__path__, f"{library.__name__}.")
    for name, call in getattr(import_module(file.name), "CALLS", {}).items()
}


def known_call(name: str) -> Known | None:
    """What the callable `name` does, where its doing decides what is imported; None for all others."""
    top = name.partition(".")[0]
    if top in FRAMEWORKS:
        calls: Mapping[str, Known] = import_module(f"parity.frameworks.{FRAMEWORKS[top]}").CALLS
        if name in calls:
            return calls[name]
    return KNOWN.get(name)
