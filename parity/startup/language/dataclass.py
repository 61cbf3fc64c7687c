"""What `dataclasses.dataclass` makes of a class: its `__init__`, or the exception that it raises."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from msgspec import Struct

from parity.startup.state.classes import DATACLASS, class_attribute, order
from parity.startup.state.values import Anything, Class, Constant, External, Function, Table


class Field(Struct, frozen=True):
    """A parameter of the `__init__`."""

    name: str
    has_default: bool
    keyword_only: bool


class Refused(Struct, frozen=True):
    """The exception that the decorator raises."""

    exception: str
    text: str


def made_init(cls: Class, body: Sequence[ast.stmt], options: External) -> Function | Refused | None:
    """The `__init__` of the class with this body, decorated with these options; None where it cannot be told."""
    given = options.bound_to if isinstance(options.bound_to, Table) else Table({})
    settings = {name: value.value for name, value in given.entries.items() if isinstance(value, Constant)}
    if not given.complete or len(settings) < len(given.entries) or settings.get("init") is False:
        return None
    fields = _inherited(cls)
    if fields is None or any(isinstance(node, _COMPOUND) for node in body):
        return None
    keyword_only = settings.get("kw_only") is True
    for node in body:
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        name, kind = node.target.id, _kind(node.annotation, cls)
        if kind == "KW_ONLY":
            keyword_only = True
            continue
        own = None if kind == "ClassVar" else _own(cls, name, node.value, keyword_only=keyword_only)
        if own is _UNTOLD:
            return None
        if own is None:  # a field of a class above is no parameter any more
            fields.pop(name, None)
        elif kind != "InitVar" and isinstance(node.value, ast.List | ast.Dict | ast.Set):
            mutable = f"<class '{type(node.value).__name__.lower()}'>"
            text = f"mutable default {mutable} for field {name} is not allowed: use default_factory"
            return Refused("ValueError", text)
        else:
            fields[name] = own
    return _ordered(fields) or _function(cls, list(fields.values()))


_COMPOUND = ast.If | ast.For | ast.While | ast.With | ast.Try | ast.Match
_UNTOLD = Field("", has_default=False, keyword_only=False)


def _inherited(cls: Class) -> dict[str, Field] | None:
    """The fields of the dataclasses above it, in order."""
    fields: dict[str, Field] = {}
    for above in reversed(order(cls)[1:]):
        if not isinstance(above, Class):
            return None
        if DATACLASS not in above.namespace.values:
            continue
        made = above.namespace.values[DATACLASS]
        if not isinstance(made, Function):
            return None
        arguments = made.node.args
        plain = arguments.args[1:]
        first_default = len(plain) - len(arguments.defaults)
        fields.update({a.arg: Field(a.arg, n >= first_default, False) for n, a in enumerate(plain)})
        defaults = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        fields.update({a.arg: Field(a.arg, d is not None, True) for a, d in defaults})
    return fields


def _kind(annotation: ast.expr, cls: Class) -> str:
    """What a field with this annotation is: `ClassVar`, `InitVar`, `KW_ONLY`, or "" for a usual one.

    An annotation may be a text, and the names may have been imported `as` others.
    """
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value.strip(), mode="eval").body
        except (SyntaxError, ValueError):
            return ""
    head = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    meant = _meant(head, cls).rpartition(".")[2]
    return meant if meant in ("ClassVar", "InitVar", "KW_ONLY") else ""


def _meant(node: ast.expr, cls: Class) -> str:
    """`module.name` in full, with what the module of the class imported under that name."""
    if isinstance(node, ast.Attribute):
        return f"{_meant(node.value, cls)}.{node.attr}"
    if not isinstance(node, ast.Name):
        return ""
    known = cls.module.namespace.values.get(node.id)
    return known.name if isinstance(known, External) else node.id


def _own(cls: Class, name: str, value: ast.expr | None, *, keyword_only: bool) -> Field | None:
    """The parameter of a field with this value; None where it is none, _UNTOLD where that cannot be told.

    CPython: the default is what the class, or one above it, has under this name.
    """
    if name.startswith("__"):  # CPython mangles it
        return _UNTOLD
    default = class_attribute(cls, name)
    if not isinstance(value, ast.Call):
        return Field(name, default is not None, keyword_only)
    if _meant(value.func, cls) != "dataclasses.field":  # another function may make a field, too
        return _UNTOLD if isinstance(default, Anything) else Field(name, True, keyword_only)
    options = {keyword.arg: keyword.value for keyword in value.keywords}
    if value.args or None in options or "kw_only" in options:
        return _UNTOLD
    if (init := options.get("init")) is None or getattr(init, "value", None) is True:
        return Field(name, not options.keys().isdisjoint(("default", "default_factory")), keyword_only)
    return None if getattr(init, "value", None) is False else _UNTOLD


def _ordered(fields: dict[str, Field]) -> Refused | None:
    seen = False
    for field in fields.values():
        if field.keyword_only:
            continue
        if seen and not field.has_default:
            return Refused("TypeError", f"non-default argument {field.name!r} follows default argument")
        seen = seen or field.has_default
    return None


def _function(cls: Class, fields: Sequence[Field]) -> Function:
    plain = [field for field in fields if not field.keyword_only]
    by_keyword = [field for field in fields if field.keyword_only]
    some = ast.Constant(None)
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg("self"), *(ast.arg(field.name) for field in plain)],
        vararg=None,
        kwonlyargs=[ast.arg(field.name) for field in by_keyword],
        kw_defaults=[some if field.has_default else None for field in by_keyword],
        kwarg=None,
        defaults=[some for field in plain if field.has_default],
    )
    node = ast.FunctionDef(f"{cls.name}.__init__", arguments, [], [], lineno=0, col_offset=0)
    return Function(node, cls.module, ())
