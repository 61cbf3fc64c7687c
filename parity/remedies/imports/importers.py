"""Does another module of the project take these names from this one?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from parity.model.location import Unknown
from parity.python.scan import ImportedName, scan
from parity.remedies.imports.name_uses import READ_ANNOTATIONS
from parity.tree.base import Entry, FileKind, FileTree, child, join

MOST_FOLDERS = 20_000
MOST_FILES = 20_000
LARGEST = 4 << 20
"""Bytes of a module that is looked into."""
_READERS = re.compile(
    rb"get_type_hints|eval_str|get_annotations|__annotations__"
    rb"|^[ \t]*(?:from|import)[ \t]+(?:%s)\b" % "|".join(sorted(READ_ANNOTATIONS)).encode(),
    re.MULTILINE,
)
_OTHERS = frozenset({"node_modules", "site-packages", "__pycache__"})


def are_taken_elsewhere(project: FileTree, path: str, names: Set[str]) -> bool:
    """True also where that cannot be told. `path` is absolute in the project, and no link.

    Taken is what a module imports by name or with a star, what it may ask the module for as an attribute, and what
    a text calls `module.name`, or two texts `module` and `name`, as a test does that replaces it.
    """
    here = path.removesuffix("/__init__.py").removesuffix(".py")
    tail = here.rpartition("/")[2].encode("utf8", "surrogateescape")
    any_name = b"(?:%s)" % b"|".join(re.escape(name.encode()) for name in sorted(names))
    word = re.compile(rb"\b%s\b" % any_name)
    dotted = re.compile(rb"\b%s\.%s\b" % (re.escape(tail), any_name))
    quoted = re.compile(rb"(['\"])%s\1" % any_name)
    attribute = re.compile(rb"\.\s*%s\b" % any_name)
    told = re.compile(rb"(['\"])(?:[\w.]*\.)?%s\1" % re.escape(tail))
    for other in modules_of(project):
        if other is None:
            return True
        if other == path:
            continue
        data = project.read(other)
        if isinstance(data, Unknown) or len(data) > LARGEST:
            return True
        named = word.search(data) is not None
        if not named and b"*" not in data:
            continue
        if named and (dotted.search(data) or (quoted.search(data) and told.search(data))):
            return True
        for statement in scan(data):
            for name in statement.names:
                if name.name == "*" or name.name in names:
                    if means(name, other, here):
                        return True
                elif (
                    named
                    and means(name if name.name is None else submodule(name), other, here)
                    and (quoted.search(data) or attribute.search(data))
                ):
                    return True
    return False


def reads_annotations(project: FileTree) -> bool:
    """Does a module of the project evaluate annotations, itself or by a library? True also where that is not known."""
    for path in modules_of(project):
        data = project.read(path) if path is not None else None
        if not isinstance(data, bytes) or len(data) > LARGEST or _READERS.search(data):
            return True
    return False


def submodule(name: ImportedName) -> ImportedName:
    """`from a import b`, where `b` is a module."""
    module = f"{name.module}.{name.name}" if name.module else name.name
    return ImportedName(module, None, None, name.level)


def means(name: ImportedName, importer: str, here: str) -> bool:
    """May the module part mean the module whose path without suffix is `here`?"""
    inner = (name.module or "").replace(".", "/")
    if name.level:
        folder = importer
        for _ in range(name.level):
            folder = folder.rpartition("/")[0]
        return join(folder or "/", inner) == here
    return bool(inner) and f"/{here}".endswith(f"/{inner}")


def modules_of(project: FileTree, root: str = "/") -> Iterator[str | None]:
    """The Python files at and below the folder; None where not all of them can be listed."""
    waiting, folders, files = [root], 0, 0
    while waiting:
        folder = waiting.pop()
        folders += 1
        names = project.names(folder)
        if isinstance(names, Unknown) or folders > MOST_FOLDERS:
            yield None
            return
        for name in sorted(names):
            path = child(folder, name)
            if name.endswith((".py", ".pyi")):
                files += 1
                entry = project.lookup(path)
                if isinstance(entry, Entry) and entry.kind is FileKind.FILE:
                    yield path if files <= MOST_FILES else None
            elif not name.startswith(".") and name not in _OTHERS:
                entry = project.lookup(path)
                if isinstance(entry, Entry) and entry.kind is FileKind.DIRECTORY:
                    waiting.append(path)
