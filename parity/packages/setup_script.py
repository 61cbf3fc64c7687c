"""What does a setup.py hand to `setup()`? It is read, never run."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from msgspec import Struct, field

from parity.python.no_file import NO_FILE
from parity.python.source import is_too_much

MOST_PARTS = 5_000
FINDERS = {
    "find_packages": False,
    "find_namespace_packages": True,
    "PackageFinder.find": False,
    "PEP420PackageFinder.find": True,
}


class FindPackages(Struct, frozen=True):
    """`find_packages(where, exclude, include)`. `namespaces`: folders without `__init__.py` count too."""

    where: str = "."
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ("*",)
    namespaces: bool = False


class Undecided(Struct, frozen=True):
    """An expression that only running it would tell."""


UNDECIDED = Undecided()
Value = object
"""None, a string, number, list, tuple or dict of values, FindPackages, or Undecided (anywhere in it)."""


class SetupCall(Struct, frozen=True):
    """The keywords of the call. `undecided`: nothing is known about those that are not listed."""

    keywords: Mapping[str, Value] = field(default_factory=dict)
    undecided: bool = False

    def get(self, name: str) -> Value:
        if name in self.keywords:
            return self.keywords[name]
        return UNDECIDED if self.undecided else None

    def is_undecided(self, name: str) -> bool:
        return holds_undecided(self.get(name))

    def text(self, name: str) -> str | None:
        value = self.get(name)
        return value if isinstance(value, str) else None

    def entry_points(self, group: str) -> list[str]:
        """The lines of a group (`console_scripts`) that are known."""
        value = self.get("entry_points")
        if isinstance(value, Mapping):
            inside = value.get(group)
            if isinstance(inside, str):
                return [inside]
            return [one for one in inside if isinstance(one, str)] if isinstance(inside, list | tuple) else []
        if isinstance(value, str):
            section = ""
            lines = []
            for line in value.splitlines():
                if line.strip().startswith("["):
                    section = line.strip().strip("[]").strip()
                elif section == group:
                    lines.append(line)
            return lines
        return []


def holds_undecided(value: Value) -> bool:
    todo = [value]
    count = 0
    while todo and count < MOST_PARTS:
        one = todo.pop()
        count += 1
        if isinstance(one, Undecided):
            return True
        if isinstance(one, list | tuple):
            todo += one
        elif isinstance(one, Mapping):
            todo += one.values()
    return bool(todo)


def read_setup(text: str) -> SetupCall:
    if is_too_much(text.encode("utf8", "surrogateescape")):
        return SetupCall(undecided=True)
    try:
        tree = ast.parse(text, NO_FILE)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return SetupCall(undecided=True)
    names: dict[str, ast.expr | None] = {}
    calls: list[ast.Call] = []
    foreign = False
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                names[name] = None if name in names else value
            case ast.AugAssign(target=ast.Name(id=name)):
                names[name] = None
            case ast.ImportFrom(module=module, names=imported):
                if any(alias.name == "setup" for alias in imported):
                    foreign = foreign or module not in ("setuptools", "distutils.core")
            case ast.Call() if _dotted(node.func) in ("setup", "setuptools.setup", "distutils.core.setup"):
                calls.append(node)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
                if method in ("append", "extend", "insert", "remove", "update", "pop", "setdefault"):
                    names[name] = None
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name))]):
                names[name] = None
        todo.extend(ast.iter_child_nodes(node))
    if len(calls) != 1 or foreign or calls[0].args:
        return SetupCall(undecided=True)
    reader = _Reader(names)
    keywords: dict[str, Value] = {}
    undecided = False
    for keyword in calls[0].keywords:
        told = reader.value(keyword.value)
        if keyword.arg is not None:
            keywords[keyword.arg] = told
        elif isinstance(told, dict) and all(isinstance(key, str) for key in told):
            keywords.update(told)
        else:
            undecided = True
    return SetupCall(keywords, undecided)


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < 10:
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


class _Reader:
    """Literals, names bound once to one, `+`, and the finders of setuptools."""

    def __init__(self, names: Mapping[str, ast.expr | None]) -> None:
        self.names = names
        self.count = 0

    def value(self, node: ast.expr, depth: int = 0) -> Value:
        self.count += 1
        if depth > 20 or self.count > MOST_PARTS:
            return UNDECIDED
        match node:
            case ast.Constant(value=value):
                return value
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                return [self.value(part, depth + 1) for part in parts]
            case ast.Dict(keys=keys, values=values):
                found: dict[object, Value] = {}
                for key, inner in zip(keys, values, strict=True):
                    name = self.value(key, depth + 1) if key is not None else UNDECIDED
                    if not isinstance(name, str):
                        return UNDECIDED
                    found[name] = self.value(inner, depth + 1)
                return found
            case ast.Name(id=name) if (bound := self.names.get(name)) is not None:
                return self.value(bound, depth + 1)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                one, other = self.value(left, depth + 1), self.value(right, depth + 1)
                if isinstance(one, list) and isinstance(other, list):
                    return one + other if len(one) + len(other) < MOST_PARTS else UNDECIDED
                if isinstance(one, str) and isinstance(other, str):
                    return one + other if len(one) + len(other) < 10_000 else UNDECIDED
                if isinstance(one, FindPackages | list) and isinstance(other, FindPackages | list):
                    return [*(one if isinstance(one, list) else [one]), *_as_list(other)]
                return UNDECIDED
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
                return {k.arg: self.value(k.value, depth + 1) for k in keywords if k.arg is not None}
            case ast.Call():
                return self.finder(node, depth)
            case _:
                return UNDECIDED

    def finder(self, node: ast.Call, depth: int) -> Value:
        name = _dotted(node.func).removeprefix("setuptools.")
        if name not in FINDERS:
            return UNDECIDED
        given = dict(zip(("where", "exclude", "include"), node.args, strict=False))
        given |= {keyword.arg or "**": keyword.value for keyword in node.keywords}
        values = {key: self.value(inner, depth + 1) for key, inner in given.items()}
        where = values.pop("where", ".")
        exclude, include = _texts(values.pop("exclude", [])), _texts(values.pop("include", ["*"]))
        if not isinstance(where, str) or exclude is None or include is None or values:
            return UNDECIDED
        return FindPackages(where or ".", exclude, include, FINDERS[name])


def _as_list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]


def _texts(value: Value) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    return None
