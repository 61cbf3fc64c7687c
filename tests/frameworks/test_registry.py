"""The calls of frameworks are loaded by the first part of their names."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import parity.frameworks
from parity.startup.library.known import FRAMEWORKS


def test_every_call_is_found_by_its_first_part() -> None:
    modules = [
        import_module(f"parity.frameworks.{one.name}") for one in iter_modules(parity.frameworks.__path__)
    ]
    calls = {
        name.partition(".")[0]: module.__name__ for module in modules for name in getattr(module, "CALLS", ())
    }
    assert calls == FRAMEWORKS
