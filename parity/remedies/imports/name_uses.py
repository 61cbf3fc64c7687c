"""When does a module use a name that it imports: while it loads, in functions, or for type checkers only?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from msgspec import Struct

Function = ast.FunctionDef | ast.AsyncFunctionDef

READ_ANNOTATIONS = frozenset(
    "attr attrs beartype dacite desert cattrs cyclopts dependency_injector dishka esmerald fastapi fastui injector"
    " lagom litestar marshmallow_dataclass mashumaro msgspec ninja odmantic beanie piccolo punq pydantic"
    " pydantic_settings sqlalchemy sqlmodel starlite strawberry typeguard typer".split()
)
"""Libraries that evaluate the annotations of functions and classes that they are given."""
_HARMLESS = frozenset(
    "abstractmethod asynccontextmanager cache cached_property classmethod contextmanager final lru_cache"
    " overload override property setter staticmethod wraps dataclass".split()
)
"""Decorators that leave annotations alone; `dataclass` looks only for the text ClassVar and InitVar."""
_OWN_NAMESPACE = frozenset({"globals", "eval", "exec"})
_LOCAL_NAMESPACE = frozenset({"vars", "locals", "dir"})


class Uses(Struct, frozen=True):
    """`functions`: the outermost ones whose bodies use the name; `typing`: annotations of the module do."""

    functions: tuple[Function, ...]
    typing: bool


def uses_of(
    name: str, body: Iterable[ast.stmt], bound_by: ast.ImportFrom, *, lazy_annotations: bool
) -> Uses | None:
    """None where the name is used, or may be used, while the module loads, or anything else binds it.

    `lazy_annotations`: no annotation is evaluated where it stands (PEP 563, PEP 649).
    """
    search = _Search(name, bound_by, lazy_annotations)
    try:
        for statement in body:
            search.visit(statement)
    except (_WhileLoading, RecursionError):
        return None
    if search.typing and search.read_annotations:
        return None
    return Uses(tuple(search.functions.values()), search.typing)


class _WhileLoading(Exception):  # noqa: N818 - an answer, no error
    """The name is needed when the module loads, or it cannot be told."""


@dataclass(slots=True)
class _Search(ast.NodeVisitor):
    name: str
    bound_by: ast.ImportFrom
    lazy: bool
    outer: Function | None = None
    plain_class: bool = True
    typing: bool = False
    read_annotations: bool = False
    functions: dict[int, Function] = field(default_factory=dict)

    def _use(self) -> None:
        if self.outer is None:
            raise _WhileLoading
        self.functions[self.outer.lineno] = self.outer

    def _refuse(self, *bound: str | None) -> None:
        if self.name in bound:
            raise _WhileLoading

    # -- names

    def visit_Name(self, node: ast.Name) -> None:
        if node.id in _OWN_NAMESPACE or (node.id in _LOCAL_NAMESPACE and self.outer is None):
            raise _WhileLoading
        if node.id == self.name:
            if not isinstance(node.ctx, ast.Load):
                raise _WhileLoading
            self._use()

    def visit_Constant(self, node: ast.Constant) -> None:
        if self.outer is None and node.value == self.name:
            raise _WhileLoading  # `__all__`

    def visit_Global(self, node: ast.Global) -> None:
        self._refuse(*node.names)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self._refuse(*node.names)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._refuse(alias.asname or alias.name.partition(".")[0])
            self.read_annotations |= alias.name.partition(".")[0] in READ_ANNOTATIONS

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node is not self.bound_by:
            self._refuse(*(alias.asname or alias.name for alias in node.names))
            if any(alias.name in ("*", "get_type_hints") for alias in node.names):
                raise _WhileLoading
        if not node.level and (node.module or "").partition(".")[0] in READ_ANNOTATIONS:
            self.read_annotations = True

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self._refuse(node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self._refuse(node.name)
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        self._refuse(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self._refuse(node.rest)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if node.args and _last_name(node.func) == "cast" and _mentions(node.args[0], self.name):
            self._annotation(node.args[0], plain=True)
        self.generic_visit(node)

    # -- scopes

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node)

    def _function(self, node: Function) -> None:
        self._refuse(node.name)
        arguments = _arguments(node.args)
        plain = self.plain_class and all(
            _last_name(decorator) in _HARMLESS for decorator in node.decorator_list
        )
        for evaluated in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            if evaluated is not None:
                self.visit(evaluated)
        for parameter in getattr(node, "type_params", ()):
            self.visit(parameter)
        for annotation in (*(argument.annotation for argument in arguments), node.returns):
            if annotation is not None:
                self._annotation(annotation, plain)
        if self.name in {argument.arg for argument in arguments} or _binds(node.body, self.name):
            return
        outer, plain_class = self.outer, self.plain_class
        self.outer, self.plain_class = outer or node, True
        for statement in node.body:
            self.visit(statement)
        self.outer, self.plain_class = outer, plain_class

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.visit(default)
        if self.name not in {argument.arg for argument in _arguments(node.args)}:
            self.visit(node.body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._refuse(node.name)
        for part in (*node.decorator_list, *node.bases, *node.keywords, *getattr(node, "type_params", ())):
            self.visit(part)
        plain_class = self.plain_class
        self.plain_class = all(_last_name(decorator) in _HARMLESS for decorator in node.decorator_list)
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and (node.bases or node.keywords):
                self._fields(statement)
            self.visit(statement)
        self.plain_class = plain_class

    def _fields(self, node: ast.AnnAssign) -> None:
        """A base class may read the annotations of what a class declares."""
        if self.outer is None and _mentions(node.annotation, self.name):
            raise _WhileLoading

    # -- annotations

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._annotation(node.annotation, self.plain_class)
        self.visit(node.target)
        if node.value is not None:
            self.visit(node.value)

    def _annotation(self, node: ast.expr, plain: bool) -> None:
        if not _mentions(node, self.name):
            return
        if self.outer is not None:
            self._use()
        elif not plain or not (self.lazy or all(not _is_name(part, self.name) for part in ast.walk(node))):
            raise _WhileLoading
        else:
            self.typing = True


def _arguments(args: ast.arguments) -> list[ast.arg]:
    extra = [one for one in (args.vararg, args.kwarg) if one is not None]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *extra]


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _mentions(node: ast.expr, name: str) -> bool:
    """By name, or within the text of a forward reference."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    return any(
        _is_name(part, name)
        or (isinstance(part, ast.Constant) and isinstance(part.value, str) and word.search(part.value))
        for part in ast.walk(node)
    )


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _binds(body: Iterable[ast.stmt], name: str) -> bool:
    """Is the name a local one of the function?"""
    nodes = list(_own_nodes(body))
    if any(isinstance(node, ast.Global) and name in node.names for node in nodes):
        raise _WhileLoading
    return any(_binds_itself(node, name) for node in nodes)


def _own_nodes(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a function that are not of a scope within it."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.GeneratorExp)
        if not isinstance(node, (*inner, ast.ListComp, ast.SetComp, ast.DictComp)):
            waiting.extend(ast.iter_child_nodes(node))


def _binds_itself(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Name(id=bound, ctx=context):
            return bound == name and not isinstance(context, ast.Load)
        case ast.FunctionDef(name=bound) | ast.AsyncFunctionDef(name=bound) | ast.ClassDef(name=bound):
            return bound == name
        case ast.Import(names=aliases):
            return any((alias.asname or alias.name.partition(".")[0]) == name for alias in aliases)
        case ast.ImportFrom(names=aliases):
            return any((alias.asname or alias.name) == name for alias in aliases)
        case ast.ExceptHandler(name=bound) | ast.MatchAs(name=bound) | ast.MatchStar(name=bound):
            return bound == name
        case ast.MatchMapping(rest=bound):
            return bound == name
        case _:
            return False
