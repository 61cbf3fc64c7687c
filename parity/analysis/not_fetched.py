"""What of the checkout did git not fetch? Files that are pointers of Git LFS, submodules that are empty folders."""

from __future__ import annotations

import re

from parity.git.lfs import is_pointer
from parity.tree.base import FileTree, clean

_PATH = re.compile(r"^\s*path\s*=\s*(.+?)\s*$", re.MULTILINE)


def is_lfs_pointer(checkout: FileTree, path: str) -> bool:
    """`path` is absolute in the checkout."""
    content = checkout.read(path)
    return isinstance(content, bytes) and is_pointer(content)


def empty_submodule(checkout: FileTree, module: str) -> str:
    """The empty folder that git says is a submodule, and that would hold the module; "" where there is none."""
    content = checkout.read("/.gitmodules")
    if not isinstance(content, bytes):
        return ""
    parts = module.split(".")
    for path in _PATH.findall(content.decode("utf8", "surrogateescape")):
        if any(part in parts for part in path.split("/")) and checkout.names(clean(path)) == frozenset():
            return str(path)
    return ""
