"""Which module defines a name that an import takes from another one, which only passes it on?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from parity.model.finding import CycleImport, Edit, Remedy
from parity.python.no_file import NO_FILE
from parity.remedies.imports.import_statement import without
from parity.tree.base import Entry, FileTree, ancestors, clean, join, parent_of
from parity.tree.links import follow, is_file

MOST_HOPS = 5


def from_definer(checkout: FileTree, wanted: CycleImport) -> Iterator[Remedy]:
    """The import with each of its names, or the one that fails, from the module that binds it itself."""
    path = "/" + wanted.path
    lines, body = _parsed(checkout, path)
    statement = next(
        (one for one in body if isinstance(one, ast.ImportFrom) and one.lineno == wanted.line), None
    )
    if statement is None:
        return
    names = [one for one in statement.names if one.name == wanted.name or not wanted.name]
    moved: dict[str, list[str]] = {}
    for one in names:
        found = _defined_in(checkout, path, statement, one.name)
        if found is None:
            return
        module, name = found
        kept = one.asname or one.name
        moved.setdefault(module, []).append(name if name == kept else f"{name} as {kept}")
    first, last = statement.lineno, statement.end_lineno or statement.lineno
    source = "\n".join(lines[first - 1 : last]) + "\n"
    if not moved or not source.startswith("from") or _shares(body, statement):
        return
    try:
        rest = without(source, {one.name for one in names})
    except ValueError:
        return
    if len(moved) == 1 and rest is None:
        # The layout stays: only the module's name changes.
        module, new = next(iter(moved.items()))
        _, mark, tail = source.partition(" import ")
        plain = new == [one.name for one in names]
        text = f"from {module}{mark}{tail}" if plain else f"from {module} import {', '.join(new)}\n"
    else:
        text = (rest or "") + "".join(
            f"from {module} import {', '.join(new)}\n" for module, new in moved.items()
        )
    what = ", ".join(one.name for one in names)
    where = f"{wanted.path}:{wanted.line}"
    yield Remedy(f"{where}: import {what} from {', '.join(moved)}", (Edit(wanted.path, first, last, text),))


def _parsed(checkout: FileTree, path: str) -> tuple[list[str], list[ast.stmt]]:
    found = follow(checkout, path)
    data = checkout.read(found.path) if isinstance(found.answer, Entry) else None
    if not isinstance(data, bytes):
        return [], []
    try:
        body = ast.parse(data, NO_FILE).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [], []
    return [line.removesuffix("\r") for line in data.decode("utf8", "surrogateescape").split("\n")], body


def _shares(body: list[ast.stmt], statement: ast.stmt) -> bool:
    last = statement.end_lineno or statement.lineno
    return any(
        one is not statement and one.lineno <= last and (one.end_lineno or 0) >= statement.lineno
        for one in body
    )


def _defined_in(
    checkout: FileTree, importer: str, statement: ast.ImportFrom, name: str
) -> tuple[str, str] | None:
    """The module as the importer would write it, and the name there; None where the first one defines it."""
    written = "." * statement.level + (statement.module or "")
    file = _file(checkout, importer, statement)
    hops = 0
    while file is not None and hops < MOST_HOPS:
        _, body = _parsed(checkout, file)
        passed = next(
            (
                (one, alias.name)
                for one in body
                if isinstance(one, ast.ImportFrom)
                for alias in one.names
                if (alias.asname or alias.name) == name
            ),
            None,
        )
        if passed is None:
            break
        inner, name = passed
        target = _file(checkout, file, inner)
        if target is None or target == importer:
            return None
        written = _as_written(written, inner, is_package=file.endswith("/__init__.py"))
        file, hops = target, hops + 1
    return (written, name) if hops and file is not None else None


def _as_written(outer: str, inner: ast.ImportFrom, *, is_package: bool) -> str:
    """The module that `inner` means, seen from where `outer` is how one writes the module that holds it."""
    if not inner.level:
        return inner.module or ""
    dots = len(outer) - len(outer.lstrip("."))
    parts = [part for part in outer[dots:].split(".") if part]
    for _ in range(inner.level - (1 if is_package else 0)):
        if parts:
            parts.pop()
        else:
            dots += 1
    parts += (inner.module or "").split(".") if inner.module else []
    return "." * dots + ".".join(parts)


def _file(checkout: FileTree, importer: str, statement: ast.ImportFrom) -> str | None:
    """The file of the module part."""
    inner = (statement.module or "").replace(".", "/")
    if statement.level:
        folder = importer
        for _ in range(statement.level):
            folder = parent_of(folder)
        roots = [folder]
    else:
        roots = list(ancestors(parent_of(importer)))
    for root in roots:
        base = join(root, inner) if inner else clean(root)
        for path in (f"{base}/__init__.py", f"{base}.py"):
            if is_file(checkout, path):
                return path
    return None
