"""Which module is a file, to the programs that take a path and look for the package around it?

flask and granian (`prepare_import`) and fastapi (`get_module_data_from_path`) walk up while there is an
`__init__.py`; the folder above comes first on the search path.
"""

from __future__ import annotations

from msgspec import Struct

from parity.programs.program import is_file
from parity.tree.base import FileTree
from parity.tree.links import follow


class FileModule(Struct, frozen=True):
    """`name`: the dotted module; `folder`: the image path that it is found in."""

    name: str
    folder: str


def file_module(path: str, tree: FileTree) -> FileModule:
    """`path`: an image path, with or without `.py`. Links are followed (os.path.realpath)."""
    path = follow(tree, path).path.removesuffix(".py")
    folder, _, name = path.rpartition("/")
    if name == "__init__":
        folder, _, name = folder.rpartition("/")
    parts = [name]
    while folder and is_file(tree, f"{folder}/__init__.py"):
        folder, _, name = folder.rpartition("/")
        parts.append(name)
    return FileModule(".".join(reversed(parts)), folder or "/")
