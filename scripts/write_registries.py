"""Writes `names.py` of parity/programs and parity/installers: which file has which program, without importing it.

python scripts/write_registries.py
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

ROOMS = ("programs", "installers")
HEADER = '''"""Which file here has which program? Written by scripts/write_registries.py from their COMMANDS."""

FILE_OF = {
'''


def modules(room: str) -> list[str]:
    """The files of the room that say COMMANDS, sorted; the registry itself is none of them."""
    files = sorted((ROOT / "parity" / room).glob("*.py"))
    return [file.stem for file in files if "\nCOMMANDS: " in file.read_text("utf8")]


def names(room: str) -> str:
    """The text of the room's `names.py`. Raises ValueError for a program of two files."""
    file_of: dict[str, str] = {}
    for module in modules(room):
        for name in import_module(f"parity.{room}.{module}").COMMANDS:
            if name in file_of:
                raise ValueError(f"parity/{room}: {name} is in {file_of[name]}.py and in {module}.py")
            file_of[name] = module
    lines = [f'    "{name}": "{module}",\n' for name, module in sorted(file_of.items())]
    return HEADER + "".join(lines) + "}\n"


if __name__ == "__main__":
    for room in ROOMS:
        (ROOT / "parity" / room / "names.py").write_text(names(room), "utf8")
