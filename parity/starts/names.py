"""Which names does a module of the image bind? Asked where that decides what a program does next."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from parity.programs.program import text_at
from parity.python.no_file import NO_FILE
from parity.python.resolve import SourceModule, find
from parity.python.source import is_too_much
from parity.tree.base import FileTree

DEEPEST = 50


class ModuleNames(Struct, frozen=True):
    """`path`: the module's file; `package`: it is a package; `bound`: name -> the statement that binds it.

    `complete`: False where an import of everything (`*`) binds further names.
    """

    path: str
    package: bool
    bound: dict[str, ast.stmt]
    complete: bool
    tree: ast.Module

    def is_factory(self, name: str) -> bool:
        """Is it a function of this module that can be called without arguments?"""
        made = self.bound.get(name)
        if not isinstance(made, ast.FunctionDef):
            return False
        given = made.args
        needed = len(given.posonlyargs) + len(given.args) - len(given.defaults)
        return not needed and None not in given.kw_defaults


def names_of(module: str, folders: tuple[str, ...], tree: FileTree) -> ModuleNames | None:
    """The module as it is found in `folders`; None where it is not, or its text cannot be read or parsed."""
    parts = module.split(".")
    for number in range(1, len(parts) + 1):
        found = find(".".join(parts[:number]), folders, tree, lambda _name: False)
        if number == len(parts):
            return _read(found, tree) if isinstance(found, SourceModule) else None
        if isinstance(found, SourceModule) and found.package:
            folders = (found.path.rpartition("/")[0],)
        elif hasattr(found, "folders"):
            folders = found.folders
        else:
            return None
    return None


def _read(found: SourceModule, tree: FileTree) -> ModuleNames | None:
    text = text_at(tree, found.path)
    if text is None:
        return None
    parsed = parse(text)
    if parsed is None:
        return None
    bound: dict[str, ast.stmt] = {}
    complete = True
    for statement in statements(parsed.body):
        for name in _bound_by(statement):
            if name == "*":
                complete = False
            else:
                bound.setdefault(name, statement)
    return ModuleNames(found.path, found.package, bound, complete, parsed)


def parse(text: str) -> ast.Module | None:
    """None where it is no Python of this interpreter's version, or too large to be parsed."""
    data = text.encode("utf8", "surrogateescape")
    try:
        return None if is_too_much(data) else ast.parse(data, NO_FILE)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when the module is imported, those within `if`, `try`, `with` and loops too."""
    todo = [(body, 0)]
    while todo:
        block, depth = todo.pop()
        for statement in block:
            yield statement
            if depth < DEEPEST and not isinstance(
                statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
            ):
                inner: list[list[ast.stmt]] = [getattr(statement, part, []) for part in ("body", "orelse")]
                inner.append(getattr(statement, "finalbody", []))
                inner += [handler.body for handler in getattr(statement, "handlers", [])]
                todo += [(more, depth + 1) for more in inner if more]


def _bound_by(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield statement.name
        case ast.Import() | ast.ImportFrom():
            for alias in statement.names:
                yield alias.asname or alias.name.partition(".")[0]
        case ast.Assign():
            for target in statement.targets:
                yield from _targets(target)
        case ast.AnnAssign() if statement.value is not None:
            yield from _targets(statement.target)
        case ast.For() | ast.AsyncFor():
            yield from _targets(statement.target)
        case _:
            pass


def _targets(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _targets(element)


def literal(module: ast.Module, name: str) -> object:
    """The literal that a name is assigned last at the module's top level; None if it is none."""
    value: object = None
    for statement in module.body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            try:
                value = ast.literal_eval(statement.value)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                value = None
    return value
