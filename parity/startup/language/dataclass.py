"""What `dataclasses.dataclass` makes of a class: its `__init__`, or the exception that it raises."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from msgspec import Struct

from parity.startup.state.classes import DATACLASS, order
from parity.startup.state.values import Class, Constant, External, Function, Table


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
    own = _own(body, keyword_only=settings.get("kw_only") is True)
    if fields is None or not isinstance(own, dict):
        return own if isinstance(own, Refused) else None
    fields.update(own)
    return _ordered(fields) or _function(cls, list(fields.values()))


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


def _own(body: Sequence[ast.stmt], *, keyword_only: bool) -> dict[str, Field] | Refused | None:
    fields: dict[str, Field] = {}
    for node in body:
        if isinstance(node, ast.If | ast.For | ast.While | ast.With | ast.Try | ast.Match):
            return None
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        name, annotation = node.target.id, ast.unparse(node.annotation)
        if "ClassVar" in annotation:
            continue
        if "KW_ONLY" in annotation:
            keyword_only = True
            continue
        if isinstance(node.value, ast.List | ast.Dict | ast.Set):
            kind = f"<class '{type(node.value).__name__.lower()}'>"
            text = f"mutable default {kind} for field {name} is not allowed: use default_factory"
            return Refused("ValueError", text)
        if not isinstance(node.value, ast.Call):
            fields[name] = Field(name, node.value is not None, keyword_only)
            continue
        options = {keyword.arg: keyword.value for keyword in node.value.keywords}
        if None in options or "kw_only" in options:
            return None
        init = options.get("init")
        if isinstance(init, ast.Constant) and init.value is False:
            continue
        of_field = ast.unparse(node.value.func).rpartition(".")[2] == "field"
        if init is not None or (not of_field and options.keys() & {"default", "default_factory", "factory"}):
            return None
        has_default = not of_field or not options.keys().isdisjoint(("default", "default_factory"))
        fields[name] = Field(name, has_default, keyword_only)
    return fields


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
