"""Where a name is looked up: the scopes of the statement that is being run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import lru_cache

from msgspec import Struct, field

from parity.python.type_parameters import Definition, type_parameters
from parity.startup.state.modules import Module, bindings
from parity.startup.state.namespace import Namespace
from parity.startup.state.values import ANYTHING, Items, Value


class Declared(Struct, frozen=True):
    """What the body of a class or a function says about its names, wherever in it (CPython: `symtable`).

    `bound` the names that it binds itself, `globals` and `nonlocals` those that it declares so.
    """

    bound: frozenset[str] = frozenset()
    globals: frozenset[str] = frozenset()
    nonlocals: frozenset[str] = frozenset()


NOTHING_DECLARED = Declared()


@lru_cache(maxsize=20_000)
def declared(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef) -> Declared:
    """Read off the syntax: parameters, assignments, imports, definitions; `global` and `nonlocal`."""
    parameters = set() if isinstance(node, ast.ClassDef) else {one.arg for one in _parameters(node.args)}
    if isinstance(node, ast.Lambda):
        return Declared(frozenset(parameters))
    found: dict[type[ast.AST], set[str]] = {ast.Global: set(), ast.Nonlocal: set()}
    todo: list[ast.AST] = list(node.body)
    while todo:
        inner = todo.pop()
        if isinstance(inner, ast.Global | ast.Nonlocal):
            found[type(inner)].update(inner.names)
        elif not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            todo.extend(ast.iter_child_nodes(inner))
    elsewhere = found[ast.Global] | found[ast.Nonlocal]
    bound = {name for _, name in bindings(node.body, deleted=True)} | parameters
    return Declared(
        frozenset(bound - elsewhere), frozenset(found[ast.Global]), frozenset(found[ast.Nonlocal])
    )


def _parameters(arguments: ast.arguments) -> Sequence[ast.arg]:
    rest = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest]


class Scope(Struct, eq=False):
    """A module's body (`names` is the module's namespace), a class body, or a function's activation.

    `outer`    the enclosing function scopes, outermost first
    `declared` what the body says about its names
    `doubtful` whether the call of the function may not happen
    `around`   of a comprehension, the scope that it stands in
    `seen`     of type parameters, the scope that they stand in: all that it sees, they see, a class's names too
    `returned` what `return` statements gave, in order
    `yielded`  what a generator gave, once it is gone through; `entered`: in how many doubts that began
    `at_yield` of a context manager's generator, what runs where it yields
    """

    module: Module
    names: Namespace
    outer: tuple[Namespace, ...] = ()
    function: bool = False
    declared: Declared = NOTHING_DECLARED
    doubtful: bool = False
    around: Scope | None = None
    seen: Scope | None = None
    returned: list[Value] = field(default_factory=list)
    yielded: Items = field(default_factory=lambda: Items("list", []))
    entered: int = 0
    at_yield: Callable[[Value], None] | None = None

    def before_globals(self, name: str) -> tuple[Namespace, ...]:
        """The namespaces that are asked for `name` before the module's, nearest first."""
        if self.seen is not None:
            return (self.names, *self.seen.before_globals(name))
        if name in self.declared.globals:
            return ()
        if not self.function and name in self.declared.bound:
            return (self.names,)  # CPython: LOAD_NAME; enclosing functions do not see what a class rebinds
        return (self.names, *reversed(self.outer))

    def load(self, name: str) -> Value | None:
        """The value, ANYTHING where it cannot be told, None where no scope of the module binds it."""
        for names in self.before_globals(name):
            found = names.get(name)
            if found is not None or name in names.locals:
                return found
        return self.module.attribute(name) if name.startswith("__") else self.module.namespace.get(name)

    def binds(self, name: str) -> bool:
        """Is it bound, or may it be, by something that was read?"""
        return any(name in names.values for names in (*self.before_globals(name), self.module.namespace))

    def bind(self, name: str, value: Value) -> None:
        owner = self.owner(name)
        if owner is self.names:
            owner.bind(name, value)
        else:
            owner.bind_from_outside(name, value, doubtful=self.doubtful or bool(self.names.branches))

    def unbind(self, name: str) -> None:
        self.owner(name).unbind(name)

    def owner(self, name: str) -> Namespace:
        """The namespace that a statement here binds `name` in."""
        if name in self.declared.globals:
            return self.module.namespace
        if name in self.declared.nonlocals:
            return next((names for names in reversed(self.outer) if name in names.locals), self.names)
        return self.names

    @property
    def statements(self) -> Scope:
        """The scope that `:=` binds in: of a comprehension, the one around it (PEP 572)."""
        return self if self.around is None else self.around.statements

    def inner(self) -> tuple[Namespace, ...]:
        """The scopes that a function defined here sees."""
        return (*self.outer, self.names) if self.function else self.outer


def of_type_parameters(node: Definition, scope: Scope) -> Scope:
    """Where the annotations of a function, or the bases of a class, are evaluated, and what its body sees.

    PEP 695: a scope of its own where it has type parameters; their bounds and defaults are not evaluated.
    """
    names = type_parameters(node)
    if not names:
        return scope
    bound = Namespace(dict.fromkeys(names, ANYTHING))
    return Scope(scope.module, bound, scope.inner(), function=True, seen=scope)
