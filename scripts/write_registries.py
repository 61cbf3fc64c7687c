"""Writes what is known of a room's files without importing them.

`names.py` of parity/programs and parity/installers: which file has which program; `registry.py` of parity/deployments:
which files each format reads.

python scripts/write_registries.py
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from textwrap import fill

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

ROOMS = ("programs", "installers")
HEADER = '''"""Which file here has which program? Written by scripts/write_registries.py from their COMMANDS."""

from parity.programs.loading import rows

FILE_OF = rows("""
'''
FORMATS = '''"""Which files does each format here read? Written by scripts/write_registries.py from their FORMAT."""

from __future__ import annotations

from parity.deployments.format import Format, Gives

FORMATS = {
'''
FIRST = ("compose",)
"""Formats whose names for an image come before those of the others: what people start by hand."""


def modules(room: str, constant: str) -> list[str]:
    """The files of the room that say the constant, sorted."""
    files = sorted((ROOT / "parity" / room).glob("*.py"))
    return [file.stem for file in files if f"\n{constant}" in file.read_text("utf8")]


def formats() -> str:
    """The text of parity/deployments/registry.py. The file need not exist for it."""
    text = FORMATS
    for name in sorted(modules("deployments", "FORMAT = "), key=lambda name: (name not in FIRST, name)):
        form = import_module(f"parity.deployments.{name}").FORMAT
        text += f'    "{name}": Format(\n        gives=Gives.{form.gives.name},\n'
        for key in ("files", "folder", "signs", "owns"):
            value = getattr(form, key)
            if value:
                text += f"        {key}={_literal(value)},\n"
        text += "    ),\n"
    return text + "}\n"


def _literal(value: str | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_literal, value))}{',' * (len(value) == 1)})"
    quote = "'" if '"' in value else '"'
    return ("r" if "\\" in value else "") + quote + value + quote


def names(room: str) -> str:
    """The text of the room's `names.py`. Raises ValueError for a program of two files."""
    file_of: dict[str, str] = {}
    text = HEADER
    for module in modules(room, "COMMANDS: "):
        own = sorted(import_module(f"parity.{room}.{module}").COMMANDS)
        text += (
            fill(f"{module}: {' '.join(own)}", 110, subsequent_indent="    ", break_on_hyphens=False) + "\n"
        )
        for name in own:
            if name in file_of:
                raise ValueError(f"parity/{room}: {name} is in {file_of[name]}.py and in {module}.py")
            file_of[name] = module
    return text + '""")\n'


if __name__ == "__main__":
    for room in ROOMS:
        (ROOT / "parity" / room / "names.py").write_text(names(room), "utf8")
    (ROOT / "parity/deployments/registry.py").write_text(formats(), "utf8")
