"""What does a name give, and what does `value.name`?"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec.structs import replace

from parity.startup.importing.importer import Importer
from parity.startup.library.calls import KNOWN
from parity.startup.library.methods import method_of
from parity.startup.library.running import attribute_of_spec
from parity.startup.library.sys import attribute_of_external
from parity.startup.state.classes import above, class_attribute, nothing_above, only_ours, order
from parity.startup.state.enumerations import certainly_lacks, is_enumeration, member
from parity.startup.state.failures import Failure, FailureKind, builtin_bases
from parity.startup.state.machine import Machine
from parity.startup.state.mentions import Mentions
from parity.startup.state.modules import Module
from parity.startup.state.scope import Scope
from parity.startup.state.values import (
    ANYTHING,
    ESCAPED,
    NONE,
    Arguments,
    Binds,
    Caught,
    Class,
    Constant,
    External,
    FilePath,
    Function,
    Instance,
    Items,
    Managing,
    ModuleValue,
    Property,
    Spec,
    Super,
    Table,
    Value,
)

_OF_FUNCTIONS = frozenset([*dir(lambda: None), "__builtins__", "__type_params__", "__annotate__"])
"""Of the Python that runs the tool, and of others."""


PLAIN = frozenset(("bool", "dict", "frozenset", "int", "len", "list", "set", "sorted", "str", "tuple"))
"""`globals().update(...)` may bind any name; nobody gives it one of these."""


class Attributes:
    """Looks names and attributes up for one `Machine`; `call` calls what is found, where that is a property."""

    def __init__(
        self, machine: Machine, importer: Importer, call: Callable[[Value, Arguments], Value]
    ) -> None:
        self.machine = machine
        self.importer = importer
        self.call = call
        self.mentions = Mentions()

    def name(self, node: ast.Name, scope: Scope) -> Value:
        found = scope.load(node.id)
        if found is not None and (node.id not in PLAIN or scope.binds(node.id)):
            return found
        if node.id == "__debug__" and not self.machine.environment.get("PYTHONOPTIMIZE"):
            return Constant(True)
        builtins = self.machine.world.builtins
        added = self.machine.builtins
        if not any(node.id in names.locals for names in scope.before_globals(node.id)):
            if node.id in added.values:
                return added.get(node.id) or ANYTHING
            if node.id in builtins or not builtins:
                return External(f"builtins.{node.id}")
            if added.open:
                return ANYTHING
        self.fail_unbound(node, scope)
        return ANYTHING

    def fail_unbound(self, node: ast.Name, scope: Scope) -> None:
        """The name is read, or deleted, and nothing has bound it."""
        exception, text = "NameError", f"name {node.id!r} is not defined"
        if node.id in scope.names.locals:
            exception = "UnboundLocalError"
            text = f"cannot access local variable {node.id!r} where it is not associated with a value"
        elif any(node.id in names.locals for names in scope.before_globals(node.id)):
            text = (
                f"cannot access free variable {node.id!r} where it is not associated with a value "
                "in enclosing scope"
            )
        self.machine.at(node.lineno)
        place = self.machine.place(
            (node.col_offset + 1, node.end_lineno or 0, (node.end_col_offset or 0) + 1)
        )
        chain, module = self.machine.chain(), scope.module.shown
        failure = Failure(FailureKind.UNBOUND_NAME, exception, text, module, chain, place, name=node.id)
        if self.machine.uncertain and scope.function and _is_made_later(node.id, scope.module.body):
            return  # a guard that nobody can decide keeps the function from it until then
        seen = (scope.module.namespace, *scope.before_globals(node.id))
        with self.machine.assuming(any(node.id in names.unset for names in seen)):
            self.machine.fail(failure, builtin_bases(exception))

    def attribute(self, value: Value, name: str) -> Value:
        """`getattr(value, name)`; tells the failure where a module certainly lacks it."""
        match value:
            case ModuleValue() | Function() | External() if name == "__dict__":
                return dictionary_of(self.machine, value)
            case ModuleValue():
                found = self.importer.module_attribute(value.module, name)
                if found is not None:
                    return found
                self.importer.fail_name(value.module, name)
                return ANYTHING
            case External():
                self.importer.telling.fail_standard_name(value.name, name, importing=False)
                return attribute_of_external(self.machine, value, name)
            case Instance():
                if name in value.attributes:
                    return value.attributes[name]
                found = class_attribute(value.cls, name)
                if found is None and self._is_given_nowhere(value, name):
                    self._fail_attribute(value.cls.name, name)
                got = self._bound(found, value)
                if got is found and not only_ours(value.cls):
                    return ANYTHING
                return self._as_kept(got, value.cls, name) or ANYTHING
            case Super():
                if nothing_above(value, name) and not self.machine.uncertain:
                    self._fail_attribute("super", name)
                return self._bound(above(value, name), value.instance)
            case Caught():
                known = value.module if name == "name" else value.text if name == "msg" else None
                return ANYTHING if known is None else Constant(known)
            case Class():
                if name in ("__name__", "__qualname__"):
                    return Constant(value.name)
                if is_enumeration(value):
                    return self._of_enumeration(value, name)
                found = class_attribute(value, name)
                if isinstance(found, Function):
                    return bound(found, value)
                if found is None and self._is_given_nowhere(value, name):
                    text = f"type object {value.name!r} has no attribute {name!r}"
                    self._fail_attribute(value.name, name, text)
                return self._as_kept(found, value, name) or _inherited(value, name)
            case Constant() | Items() | Table() | FilePath():
                kind = _kind_without(value, name)
                if kind and (value is NONE or not self.machine.uncertain):
                    self._fail_attribute(kind, name)
                return method_of(value, name)
            case Function():
                given = value.bound_to is not None or value.given & {name, ESCAPED} or name in _OF_FUNCTIONS
                if not given and not self.machine.uncertain:
                    self._fail_attribute("function", name)
                return Constant(value.name) if name in ("__name__", "__qualname__") else ANYTHING
            case Spec():
                return attribute_of_spec(value, name)
            case _:
                return ANYTHING

    def _is_given_nowhere(self, value: Instance | Class, name: str) -> bool:
        if self.machine.uncertain:  # behind a condition that may ask for it
            return False
        return self.mentions.certainly_lacks(value, name, self._loaded())

    def _as_kept(self, found: Value | None, cls: Class, name: str) -> Value | None:
        """What a class's body gives; a metaclass, another package's base or a later line may change it."""
        if isinstance(found, Constant) and not self.mentions.keeps(cls, name, self._loaded()):
            return replace(found, assumed=True)
        return found

    def _loaded(self) -> tuple[Module, ...]:
        return (*(frame.module for frame in self.machine.frames), *self.importer.modules.values())

    def _of_enumeration(self, cls: Class, name: str) -> Value:
        if certainly_lacks(cls, name) and not self.machine.uncertain:
            python = self.machine.world.python
            said = name if python is not None and python < (3, 12) else None
            self._fail_attribute(
                cls.name, name, said or f"type object {cls.name!r} has no attribute {name!r}"
            )
        found = member(cls, name)
        return bound(found, cls) if isinstance(found, Function) else found or _inherited(cls, name)

    def _bound(self, found: Value | None, instance: Instance) -> Value:
        """What the instance gives for what its class has."""
        match found:
            case None:
                return ANYTHING
            case Property():
                return self.call(replace(found.function, bound_to=instance), Arguments())
            case Managing():
                return Managing(replace(found.function, bound_to=instance))
            case Function():
                return bound(found, instance)
            case _:
                return found

    def _fail_attribute(self, kind: str, name: str, text: str = "") -> None:
        exception = "AttributeError"
        text = text or f"{kind!r} object has no attribute {name!r}"
        chain, place = self.machine.chain(), self.machine.place()
        self.machine.fail(
            Failure(FailureKind.MISSING_ATTRIBUTE, exception, text, kind, chain, place, name=name),
            builtin_bases(exception),
        )


def bound(function: Function, owner: Instance | Class) -> Function:
    """What looking the function up on an object, or on a class, gives."""
    cls = owner.cls if isinstance(owner, Instance) else owner
    match function.binds:
        case Binds.NOTHING:
            return function
        case Binds.CLASS:
            return replace(function, bound_to=cls)
        case Binds.OBJECT:
            return replace(function, bound_to=owner) if isinstance(owner, Instance) else function


def dictionary_of(machine: Machine, value: Value) -> Value:
    """`value.__dict__`: any name may be bound through it."""
    match value:
        case ModuleValue():
            value.module.namespace.open = True
        case Function():
            value.given.add(ESCAPED)
        case External(name="builtins"):
            machine.builtins.open = True
        case External(name=name) if machine.world.standard(name):
            machine.given.add(f"{name}.*")
        case _:
            pass
    return ANYTHING


def _kind_without(value: Value, name: str) -> str:
    """The name of its type, where values of that type never have the attribute; else ""."""
    match value:
        case FilePath():
            return "" if hasattr(Path, name) or name in _OF_LATER_PATHS else "PosixPath"
        case Constant(assumed=True) | Constant(value=True | False):
            return ""  # `a and b` is told as True where it is some true value
        case Constant(value=None):
            return "NoneType" if value is NONE and not hasattr(None, name) else ""
        case Constant():
            return type(value.value).__name__ if not hasattr(value.value, name) else ""
        case Items(kind="list" | "set" as kind) if name not in _OF_CONTAINERS:
            return kind
        case Table() if name not in _OF_CONTAINERS:
            return "dict"
        case _:
            return ""


_OF_LATER_PATHS = frozenset(
    "walk is_junction with_segments from_uri full_match parser copy copy_into move move_into info link_to".split()
)
"""What paths have, or had, in other versions than that which runs the tool."""
_VIEWS: tuple[object, ...] = ({}.keys(), {}.values(), {}.items(), (_ for _ in ()))
_OF_CONTAINERS = frozenset(
    name for one in (*map(type, _VIEWS), list, tuple, set, frozenset, dict, deque, range) for name in dir(one)
)
"""What stands for a list may be another iterable."""


def _inherited(cls: Class, name: str) -> Value:
    """What the nearest base of another package has, where that is known."""
    bases = (base for base in order(cls) if isinstance(base, External))
    of_base = (External(f"{base.name}.{name}") for base in bases)
    return next((found for found in of_base if found.name in KNOWN), ANYTHING)


def _is_made_later(name: str, body: Sequence[ast.stmt]) -> bool:
    """Does the module's body define the class or function, on its own level?"""
    return any(
        isinstance(one, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and one.name == name
        for one in body
    )
