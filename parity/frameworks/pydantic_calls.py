"""What are the values of pydantic's settings, and which modules do they name? (read from pydantic-settings 2.11)

A field of `BaseSettings` is what the environment says, else its default, which holds unless the container is started
with the variable. Defaults are validated, so that an `ImportString` imports what it names.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from parity.frameworks.named import Texts, import_string
from parity.startup.library.known import Known
from parity.startup.state.classes import order
from parity.startup.state.machine import Machine
from parity.startup.state.values import (
    ANYTHING,
    Arguments,
    Class,
    Constant,
    Instance,
    Items,
    Scalar,
    Table,
    Value,
    text_of,
)

BASES = ("pydantic_settings.BaseSettings", "pydantic_settings.main.BaseSettings", "pydantic.BaseSettings")


def _make(machine: Machine, arguments: Arguments, bound: Value | None) -> Value:
    """`BaseSettings.__init__`: the instance gets its values."""
    if not isinstance(bound, Instance) or not arguments.complete:
        return ANYTHING
    classes = [one for one in order(bound.cls) if isinstance(one, Class)]
    bodies = [body for one in classes if (body := _body(one)) is not None]
    if len(bodies) < len(classes) or any(map(_validates, bodies)) or any(map(_reads_file, classes)):
        return ANYTHING
    imported = {name for body in bodies for name in _import_strings(body)}
    for one in reversed(classes):
        for name, value in one.namespace.values.items():
            if name.startswith("_") or name == "model_config" or not isinstance(value, Constant | Items):
                continue
            bound.attributes[name] = arguments.keywords.get(name) or _value(machine, name, value)
    for name in sorted(imported & bound.attributes.keys()):
        bound.attributes[name] = _imported(machine, bound.cls, bound.attributes[name])
    return ANYTHING


def _value(machine: Machine, name: str, default: Constant | Items) -> Value:
    """A variable may have a prefix, which is not looked for: whatever ends with the name may be the field's."""
    if any(variable.lower().endswith(name.lower()) for variable in machine.environment):
        return ANYTHING
    if isinstance(default, Constant):
        return Constant(default.value, assumed=True)
    return Items(default.kind, list(default.elements), default.complete, assumed=True)


def _imported(machine: Machine, cls: Class, value: Value) -> Value:
    text = text_of(value)
    if text is None:
        return value
    texts = Texts()
    texts.add(cls.module)
    with machine.assuming(True), texts.standing_at(machine, text):
        return import_string(machine, text)


def _body(cls: Class) -> ast.ClassDef | None:
    return next(
        (one for one in cls.module.body if isinstance(one, ast.ClassDef) and one.name == cls.name), None
    )


def _validates(body: ast.ClassDef) -> bool:
    """May a validator of its own make something else of the values?"""
    decorators = [
        one for inner in body.body if isinstance(inner, ast.FunctionDef) for one in inner.decorator_list
    ]
    return any("validator" in ast.unparse(one) for one in decorators)


def _reads_file(cls: Class) -> bool:
    """Are there files that may say more than the environment?"""
    config = cls.namespace.get("model_config")
    if config is None:
        return cls.namespace.get("Config") is not None
    return not isinstance(config, Table) or any(
        str(key).endswith(("_file", "_dir")) for key in config.entries
    )


def _import_strings(body: ast.ClassDef) -> Iterator[str]:
    for one in body.body:
        match one:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                if ast.unparse(annotation).partition("[")[0].rpartition(".")[2] == "ImportString":
                    yield name


def _field(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    """`Field("a default", …)`: the class's attribute stands for its default."""
    return arguments.get(0, "default") or ANYTHING


def _config(_machine: Machine, arguments: Arguments, _bound: Value | None) -> Value:
    return Table(dict[Scalar, Value](arguments.keywords.items())) if arguments.complete else ANYTHING


CALLS: dict[str, Known] = {
    **{f"{base}.__init__": _make for base in BASES},
    "pydantic.Field": _field,
    "pydantic_settings.SettingsConfigDict": _config,
}
