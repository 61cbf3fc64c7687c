"""Which edits write another name of a module, or of what it defines, wherever the project imports it?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from difflib import get_close_matches

from parity.model.finding import Edit, Remedy
from parity.model.location import Location
from parity.python.no_file import NO_FILE
from parity.python.scan import ImportedName, scan
from parity.remedies.imports.importers import means, modules_of, submodule
from parity.tree.base import Entry, FileTree, join
from parity.tree.links import follow

MOST_EDITED = 500
"""Files: more of them are no slip of the pen."""


def module_renamed(checkout: FileTree, root: str, module: str, near: str) -> Iterator[Remedy]:
    """Every import of `module` made one of `near`, which differ in their last part.

    `root`: the checkout folder that both are imported from; nothing outside it is edited.
    """
    old, new = module.rpartition(".")[2], near.rpartition(".")[2]
    if not (new.isidentifier() and old.isidentifier()):
        return
    here = join(root, module.replace(".", "/"))
    edits: list[Edit] = []
    for path in modules_of(checkout, root):
        data = checkout.read(path) if path is not None else None
        if path is None or not isinstance(data, bytes):
            return
        if old.encode() in data:
            edits += _imports_renamed(path, data, here, module, old, new)
    if edits and len({edit.path for edit in edits}) <= MOST_EDITED:
        yield Remedy(f"correct the name: there is {near}", tuple(edits), unsafe=True)


def _imports_renamed(path: str, data: bytes, here: str, module: str, old: str, new: str) -> Iterator[Edit]:
    """Of one file: import statements, the dotted name where a plain import binds it, and texts that are just it."""
    near = f"{module.rpartition('.')[0]}.{new}".lstrip(".")
    whole = re.compile(rf"(?<![\w.]){re.escape(module)}(?!\w)")
    quoted = re.compile(rf"([\"']){re.escape(module)}((?:[.:][\w.]+)?)\1")
    taken = re.compile(rf"(?<![\w.]){re.escape(old)}(?!\w)(\s+as\b)?")

    def meant(name: ImportedName) -> bool:
        return means(name, path, here) if name.level else name.module == module

    froms, plain, names, dotted = set[int](), set[int](), set[int](), False
    for statement in scan(data):
        for name in statement.names:
            if name.name is None:
                if meant(name):
                    plain.add(statement.line)
                    dotted = dotted or name.alias is None
            elif meant(name):
                froms.add(statement.line)
            elif name.name == old and meant(submodule(name)):
                names.update(range(statement.line, statement.end_line + 1))
    for number, line in enumerate(data.decode("utf8", "surrogateescape").split("\n"), 1):
        text = line.removesuffix("\r")
        changed = text
        if number in froms:
            head, mark, tail = text.partition(" import ")
            if mark and head.rstrip().endswith(old):
                changed = head.rstrip().removesuffix(old) + new + mark + tail
        elif number in names:
            head, mark, tail = text.partition("import ") if "import " in text else ("", "", text)
            changed = head + mark + taken.sub(lambda m: f"{new}{m[1] or f' as {old}'}", tail, count=1)
        elif dotted or number in plain:
            changed = whole.sub(near, text)
        elif "." in module:
            changed = quoted.sub(rf"\g<1>{near}\g<2>\g<1>", text)
        if changed != text:
            yield Edit(path[1:], number, number, changed + "\n")


def name_corrected(checkout: FileTree, place: Location, name: str, defined: str) -> Iterator[Remedy]:
    """The import at `place` of `name` and the nearest name that the file `defined` binds at its top made one.

    A name that nothing else of the project tells goes back to what is asked for; else the import takes it, unless its
    file has a use of its own for that name.
    """
    yield from name_restored(checkout, defined, name)
    near = near_name(checkout, defined, name)
    found = follow(checkout, "/" + place.path)
    data = checkout.read(found.path) if isinstance(found.answer, Entry) else None
    if not near or not isinstance(data, bytes) or re.search(rb"\b%s\b" % near.encode(), data):
        return
    try:
        tree = ast.parse(data, NO_FILE)
        statement = next(
            one for one in ast.walk(tree) if isinstance(one, ast.ImportFrom) and one.lineno == place.line
        )
    except (SyntaxError, ValueError, RecursionError, MemoryError, StopIteration):
        return
    asked = [one for one in statement.names if one.name == name]
    spots = {(one.lineno, one.col_offset) for one in asked}
    text = data.decode("utf8", "surrogateescape")
    new = near
    if any(one.asname is None for one in asked):
        if _binds(tree, name) or _binds(tree, near) or f'"{name}"' in text or f"'{name}'" in text:
            new = f"{near} as {name}"
        else:
            every = (one for one in ast.walk(tree) if isinstance(one, ast.Name) and one.id == name)
            spots |= {(one.lineno, one.col_offset) for one in every}
    if spots:
        edits = _respelt(place.path, data, spots, name, new)
        yield Remedy(f"import {near}, which {defined[1:]} defines", edits, unsafe=True)


def name_restored(checkout: FileTree, path: str, name: str) -> Iterator[Remedy]:
    """The definition, in the file at `path` itself, whose name is much like this one and told nowhere else."""
    unasked = [near for near in _alike(name, _defined_names(checkout, path)) if _tells(checkout, near) == 1]
    if len(unasked) == 1:
        yield from _defined_as(checkout, path, unasked[0], name)


def _tells(checkout: FileTree, name: str) -> int:
    """How often the project's modules tell the name; 2 where that is not known."""
    word, found = re.compile(rb"\b%s\b" % re.escape(name.encode())), 0
    for path in modules_of(checkout):
        data = checkout.read(path) if path is not None else None
        if not isinstance(data, bytes):
            return 2
        found += len(word.findall(data)) if name.encode() in data else 0
        if found > 1:
            break
    return found


def _defined_as(checkout: FileTree, path: str, old: str, new: str) -> Iterator[Remedy]:
    """The definition of `old`, which is told once, with the name `new`."""
    data = checkout.read(path)
    lines = data.decode("utf8", "surrogateescape").split("\n") if isinstance(data, bytes) else []
    word = re.compile(rf"\b{re.escape(old)}\b")
    for number, line in enumerate(lines, 1):
        if word.search(line):
            text = word.sub(new, line.removesuffix("\r"), count=1)
            what = f"{path[1:]}:{number}: call it {new}: nothing asks for {old}"
            yield Remedy(what, (Edit(path[1:], number, number, text + "\n"),), unsafe=True)


def _respelt(path: str, data: bytes, spots: set[tuple[int, int]], name: str, new: str) -> tuple[Edit, ...]:
    """`spots`: line, and column in bytes, as the parser counts."""
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    edits = []
    for line in sorted({line for line, _ in spots}):
        made = lines[line - 1].removesuffix(b"\r")
        for _, column in sorted((spot for spot in spots if spot[0] == line), reverse=True):
            made = made[:column] + new.encode() + made[column + len(name.encode()) :]
        edits.append(Edit(path, line, line, made.decode("utf8", "surrogateescape") + "\n"))
    return tuple(edits)


def _binds(tree: ast.Module, name: str) -> bool:
    """Does anything but the import bind it?"""
    return any(
        (isinstance(one, ast.Name) and one.id == name and not isinstance(one.ctx, ast.Load))
        or (isinstance(one, ast.arg) and one.arg == name)
        or (isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and one.name == name)
        for one in ast.walk(tree)
    )


def near_name(checkout: FileTree, path: str, name: str) -> str:
    """The one name, much like this, that the file binds at its top; "" where none or several are alike."""
    near = _alike(name, _defined_names(checkout, path))
    return near[0] if len(near) == 1 else ""


def _defined_names(checkout: FileTree, path: str) -> set[str]:
    found = follow(checkout, path)
    data = checkout.read(found.path) if isinstance(found.answer, Entry) else None
    if not isinstance(data, bytes):
        return set()
    try:
        body = ast.parse(data, NO_FILE).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names: set[str] = set()
    for one in body:
        match one:
            case ast.FunctionDef(name=bound) | ast.AsyncFunctionDef(name=bound) | ast.ClassDef(name=bound):
                names.add(bound)
            case ast.Assign(targets=targets):
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=bound), value=value) if value is not None:
                names.add(bound)
            case _:
                pass
    return names


def _alike(word: str, words: set[str]) -> list[str]:
    """Those that are spelt much the same, or that go on where it ends."""
    others = sorted(words - {word})
    near = get_close_matches(word, others, 5, 0.75)
    starts = (one for one in others if one.startswith(f"{word}_") and len(word) > 2)
    return list(dict.fromkeys((*near, *starts)))


def nearest(word: str, words: set[str]) -> str:
    """The one that is much like it, of paths and modules; "" where none is, or a second one is about as near."""
    others = sorted(words - {word})
    near = get_close_matches(word, others, 2, 0.6)
    if not near:
        near = _alike(word, words) or [one for one in others if word.startswith(f"{one}_")]
    if len(near) == 1:
        return near[0]
    close = get_close_matches(word, near, 2, 0.8)
    return close[0] if len(close) == 1 else ""
