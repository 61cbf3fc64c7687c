"""What does an assignment, a deletion or `+=` change?"""

from __future__ import annotations

import ast

from parity.startup.importing.importer import Importer
from parity.startup.language.attributes import dictionary_of
from parity.startup.language.expressions import Expressions
from parity.startup.language.operations import combine
from parity.startup.language.refusals import refuse_unpacking
from parity.startup.library.sys import extend_path
from parity.startup.library.sys_modules import put
from parity.startup.state.machine import Machine
from parity.startup.state.modules import Module
from parity.startup.state.namespace import Namespace
from parity.startup.state.scope import Scope
from parity.startup.state.taint import assigned
from parity.startup.state.values import (
    ANYTHING,
    BUILTINS,
    Anything,
    Arguments,
    Class,
    Constant,
    External,
    Function,
    Generator,
    Instance,
    Items,
    ModuleValue,
    Table,
    Value,
    elements_of,
    text_of,
)


class Assignment:
    """Binds and unbinds names, attributes and items for one `Machine`."""

    def __init__(self, machine: Machine, importer: Importer, expressions: Expressions) -> None:
        self.machine = machine
        self.importer = importer
        self.expressions = expressions

    def assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        match target:
            case ast.Name():
                scope.bind(target.id, value)
            case ast.Tuple() | ast.List():
                self.machine.budget.steps += len(target.elts)
                value = elements_of(value) if isinstance(value, Generator) else value
                known = value.elements if isinstance(value, Items) and value.complete else None
                plain = not any(isinstance(part, ast.Starred) for part in target.elts)
                if plain:
                    refuse_unpacking(self.machine, value, len(target.elts))
                for index, part in enumerate(target.elts):
                    if isinstance(part, ast.Starred):
                        self.assign(part.value, ANYTHING, scope)
                    elif known is not None and plain and len(known) == len(target.elts):
                        self.assign(part, known[index], scope)
                    else:
                        self.assign(part, ANYTHING, scope)
            case ast.Attribute():
                owner = self.expressions.evaluate(target.value, scope)
                if isinstance(owner, ModuleValue):
                    self._bind(owner.module.namespace, target.attr, value)
                    self._of_import_system(owner.module, target.attr, value)
                elif isinstance(owner, Instance):
                    owner.attributes[target.attr] = ANYTHING if self.machine.uncertain else value
                elif isinstance(owner, Class):
                    self._bind(owner.namespace, target.attr, value)
                elif isinstance(owner, Function):
                    owner.given.add(target.attr)
                elif isinstance(owner, External):
                    if owner == BUILTINS:
                        self._bind(self.machine.builtins, target.attr, value)
                    assigned(self.machine, owner, target.attr)
            case ast.Subscript():
                self._assign_item(target, value, scope)
            case _:
                pass
        if isinstance(target, ast.Name) and scope.names is scope.module.namespace:
            self._of_import_system(scope.module, target.id, value)

    def _bind(self, names: Namespace, name: str, value: Value) -> None:
        names.bind_from_outside(name, value, doubtful=self.machine.uncertain > 0)

    def _of_import_system(self, module: Module, name: str, value: Value) -> None:
        """What the import system reads off a module (CPython: importlib._bootstrap, PEP 366)."""
        match name:
            case "__path__":
                self.importer.search.set_path(module, value)
            case "__package__" if isinstance(value, Constant) and not self.machine.uncertain:
                module.package = text_of(value)
                module.package_known = True
            case "__package__":
                module.package_known = False
            case "__class__":
                module.namespace.open = True

    def _assign_item(self, target: ast.Subscript, value: Value, scope: Scope) -> None:
        owner = self.expressions.evaluate(target.value, scope)
        key = (
            self.expressions.evaluate(target.slice, scope)
            if not isinstance(target.slice, ast.Slice)
            else ANYTHING
        )
        if isinstance(owner, External):
            name, text = text_of(key), text_of(value)
            if owner.name == "os.environ" and name is not None:
                if text is None or self.machine.uncertain:
                    self.machine.environment.pop(name, None)
                else:
                    self.machine.environment[name] = text
            elif owner == BUILTINS:  # `__builtins__` is its dict in a module that is imported
                dictionary_of(self.machine, owner)
            elif owner.name == "sys.path":
                extend_path(self.machine, value, front=True)
            elif owner.name == "sys.modules":
                put(self.machine, name, value)
            else:
                assigned(self.machine, owner)
        elif isinstance(owner, Table):
            if isinstance(key, Constant) and not self.machine.uncertain:
                owner.entries[key.value] = value
            else:
                owner.complete = False
        elif isinstance(owner, Items):
            owner.complete = False
        elif isinstance(owner, Anything):
            pass

    def delete(self, target: ast.expr, scope: Scope) -> None:
        match target:
            case ast.Name():
                if scope.owner(target.id).get(target.id) is None:
                    self.expressions.attributes.fail_unbound(target, scope)
                scope.unbind(target.id)
            case ast.Attribute():
                owner = self.expressions.evaluate(target.value, scope)
                if isinstance(owner, ModuleValue):
                    self.importer.delete_name(owner.module, target.attr)
            case ast.Subscript():
                owner = self.expressions.evaluate(target.value, scope)
                key = self.expressions.evaluate(target.slice, scope)
                if isinstance(owner, External) and owner.name == "sys.modules":
                    self.expressions.calls.call(External("sys.modules.pop"), Arguments((key,)))
                elif isinstance(owner, Items):
                    owner.complete = False  # which of its elements is left is not followed
            case ast.Tuple() | ast.List():
                for part in target.elts:
                    self.delete(part, scope)
            case _:
                pass

    def augment(self, node: ast.AugAssign, scope: Scope) -> None:
        value = self.expressions.evaluate(node.value, scope)
        if isinstance(node.target, ast.Name):
            old = self.expressions.evaluate(ast.Name(node.target.id, ast.Load(), **_span(node.target)), scope)
            new = combine(self.machine, node.op, old, value)
            if isinstance(old, Table):
                old.written = None
            scope.bind(node.target.id, new)
            if scope.names is scope.module.namespace:
                self._of_import_system(scope.module, node.target.id, new)
            return
        if isinstance(node.target, ast.Attribute):
            owner = self.expressions.evaluate(node.target.value, scope)
            if isinstance(owner, External) and f"{owner.name}.{node.target.attr}" == "sys.path":
                extend_path(self.machine, value)
            elif isinstance(owner, External):
                assigned(self.machine, owner, node.target.attr)
            elif isinstance(owner, ModuleValue):
                old = self.expressions.attributes.attribute(owner, node.target.attr)
                new = combine(self.machine, node.op, old, value)
                self._bind(owner.module.namespace, node.target.attr, new)
                self._of_import_system(owner.module, node.target.attr, new)


def _span(node: ast.expr) -> dict[str, int]:
    return {"lineno": node.lineno, "col_offset": node.col_offset}
