"""The cache is right only if nothing is read that `tree/` does not note: no other room may ask the disk itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

PARITY = ROOT / "parity"
ASKS = frozenset(
    "open stat lstat scandir listdir iterdir walk glob rglob exists is_file is_dir is_symlink read_bytes read_text "
    "readlink resolve realpath samefile access expanduser expandvars getenv environ".split()
)
OUTSIDE = ("tree", "cache", "cli", "archive")
"""The doors themselves; what is done around a check: its output, a revision of git, a built image."""
ALLOWED = {
    "__main__.py": {"open"},  # streams that the caller closed
    "api.py": {"resolve"},  # the Dockerfile that the caller names
    "config/discover.py": {"environ"},  # build arguments: part of the question
    "git/repository.py": {"expanduser"},  # HOME: part of the question
    "packages/wheel.py": {"is_dir"},  # of an archive's member
    "server/serve.py": {"resolve"},  # the folder that the editor names
    "python/stdlib.py": {"read_bytes"},  # tables of this tool
}


def asked(file: Path) -> Iterator[str]:
    """Functions that ask the disk, of `os` or of a `Path`: not methods of our own that are called the same."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        match node:
            case ast.Attribute(value=ast.Name(id="os" | "shutil" | "Path"), attr=name) if name in ASKS:
                yield name
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="os"), attr="path"), attr=name) if (
                name in ASKS
            ):
                yield name
            case ast.Call(func=ast.Name(id="open")):
                yield "open"
            case ast.Call(func=ast.Attribute(attr=name), args=[]) if name in ASKS:
                yield name


def test_only_the_doors_ask_the_disk() -> None:
    found = {
        file.relative_to(PARITY).as_posix(): set(asked(file))
        for file in sorted(PARITY.rglob("*.py"))
        if file.relative_to(PARITY).parts[0] not in OUTSIDE
    }
    assert {name: names for name, names in found.items() if names} == ALLOWED
