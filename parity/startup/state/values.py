"""What an expression is known to be while the start-up is simulated."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from parity.startup.state.failures import RaisedValue
    from parity.startup.state.modules import Module
    from parity.startup.state.namespace import Namespace


class Anything(Struct, frozen=True):
    """A value that cannot be told. Using it never fails and never decides a condition."""


ANYTHING = Anything()

Scalar = str | bytes | int | float | bool | None


class Constant(Struct, frozen=True):
    """A plain value. `assumed`: it rests on a variable that the image leaves unset (and a run may set)."""

    value: Scalar
    assumed: bool = False


NONE = Constant(None)
"""The `None` that a module's name was bound to, and that no function changes. Its attributes are looked up."""


class FilePath(Struct, frozen=True):
    """A `pathlib.Path` with a known text."""

    text: str


class FileText(Struct, frozen=True):
    """What a file of the image says, unread; `filename`: what tracebacks call it when it is executed."""

    path: str
    filename: str = "<string>"


class Spec(Struct, frozen=True):
    """A module spec of a file that is known, or (`is_loader`) its loader. `folders`: of a package."""

    name: str
    path: str
    folders: tuple[str, ...] | None = None
    is_loader: bool = False


class Items(Struct, eq=False):
    """A list, tuple or set whose elements are known. Lists are changed in place, as Python's are.

    `complete` is False once something unknown may have been added. `written`: how many elements its display, or the
    call that made it, gave it; None where that is not sure, or code that is not followed may have it.
    """

    kind: str
    elements: list[Value]
    complete: bool = True
    assumed: bool = False
    written: int | None = None

    @property
    def is_as_written(self) -> bool:
        """Has it just as many elements as when it was made?"""
        return self.complete and self.written == len(self.elements)


class Table(Struct, eq=False):
    """A dict with known constant keys; `complete` as for Items. `written`: the keys of its display, if it has one."""

    entries: dict[Scalar, Value]
    complete: bool = True
    written: frozenset[Scalar] | None = None

    @property
    def is_as_written(self) -> bool:
        """Has it just the keys that its display wrote out?"""
        return self.complete and self.written is not None and self.entries.keys() == self.written


class External(Struct, frozen=True):
    """Something of the standard library or of a package that is not ours, by its dotted name.

    `bound_to`: the value a method was looked up on (`names.append` of a list).
    """

    name: str
    bound_to: Value | None = None


BUILTINS = External("builtins")
ESCAPED = "*"


class Binds(Enum):
    """What a function that a class holds is bound to."""

    OBJECT = "object"
    CLASS = "class"
    NOTHING = "nothing"


class Function(Struct, frozen=True, eq=False):
    """A function of the project. `scopes`: the enclosing function scopes, outermost first.

    `given`: the attributes that it was given; with ESCAPED in it, it may have been given any. `binds`: what it gets as
    its first argument, looked up on a class or an object.
    """

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    module: Module
    scopes: tuple[Namespace, ...]
    defaults: Mapping[str, Value] = field(default_factory=dict)
    bound_to: Value | None = None
    given: set[str] = field(default_factory=set)
    binds: Binds = Binds.OBJECT

    @property
    def name(self) -> str:
        return "<lambda>" if isinstance(self.node, ast.Lambda) else self.node.name


class Class(Struct, frozen=True, eq=False):
    """A class of the project: `bases` as evaluated, `namespace` after its body ran."""

    name: str
    module: Module
    bases: tuple[Value, ...]
    namespace: Namespace
    metaclass: Value | None = None


class Instance(Struct, frozen=True, eq=False):
    """An object made by calling a Class; what it holds besides its class is not followed."""

    cls: Class
    attributes: dict[str, Value] = field(default_factory=dict)


class Super(Struct, frozen=True, eq=False):
    """`super()` in a method of `cls`, of this object."""

    cls: Class
    instance: Instance


class Caught(Struct, frozen=True, eq=False):
    """The exception that a handler was given: its class, what it says, and, of a missing module, which."""

    exception: str
    text: str
    module: str | None
    raised: RaisedValue | None = None


class Coroutine(Struct, frozen=True, eq=False):
    """A call of an `async def`: its body runs when it is awaited."""

    function: Function
    arguments: Arguments


class Property(Struct, frozen=True, eq=False):
    """What an object's attribute is computed by: `property`, `cached_property`."""

    function: Function


class Partial(Struct, frozen=True, eq=False):
    """`functools.partial(function, *arguments)`."""

    function: Value
    arguments: Arguments


class Managing(Struct, frozen=True, eq=False):
    """A generator function decorated with `contextlib.contextmanager`."""

    function: Function


class Managed(Struct, frozen=True, eq=False):
    """What calling it gives: a context manager; nothing of the function has run yet."""

    function: Function
    arguments: Arguments


class Generator(Struct, frozen=True, eq=False):
    """A generator expression: `run` evaluates it, and gives its elements, when something goes through it."""

    run: Callable[[], Value]


class Arguments(Struct, frozen=True):
    """The arguments of a call. `complete` is False with `*args` or `**kwargs` that are not known."""

    positional: tuple[Value, ...] = ()
    keywords: Mapping[str, Value] = field(default_factory=dict)
    complete: bool = True

    def get(self, position: int, keyword: str = "") -> Value | None:
        if position < len(self.positional):
            return self.positional[position]
        return self.keywords.get(keyword)


class ModuleValue(Struct, frozen=True, eq=False):
    """A module object of the project."""

    module: Module


Value = (
    Anything
    | Constant
    | FilePath
    | FileText
    | Spec
    | Items
    | Table
    | External
    | Function
    | Class
    | Instance
    | Super
    | Caught
    | Coroutine
    | Property
    | Partial
    | Managing
    | Managed
    | Generator
    | ModuleValue
)


def elements_of(value: Value) -> Value:
    """What iterating over the value goes through: a generator expression runs now, a dict gives its keys."""
    match value:
        case Generator():
            return value.run()
        case Table():
            return Items("list", [Constant(key) for key in value.entries], value.complete)
        case _:
            return value


def text_of(value: Value | None) -> str | None:
    """The text of a str constant or a path, else None."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        return value.value
    return value.text if isinstance(value, FilePath) else None


def truth(value: Value) -> bool | None:
    """`bool(value)` where it can be told."""
    match value:
        case Constant():
            return bool(value.value)
        case Items():
            return bool(value.elements) if value.complete or value.elements else None
        case Table():
            return bool(value.entries) if value.complete or value.entries else None
        case (
            Function() | Class() | ModuleValue() | FilePath() | Coroutine() | Generator() | Spec() | Caught()
        ):
            return True
        case _:
            return None


def is_assumed(value: Value) -> bool:
    """Does it rest on a variable that the image leaves unset?"""
    return isinstance(value, Constant | Items) and value.assumed


def either(first: Value, second: Value) -> Value:
    """One of the two, nobody knows which: of two lists, what both have."""
    if not isinstance(first, Items) or not isinstance(second, Items):
        return ANYTHING
    return Items(first.kind, [one for one in first.elements if one in second.elements], complete=False)
