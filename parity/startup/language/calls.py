"""What does a call do and give: of a function, a class, a bound method, of what the standard library has?"""

from __future__ import annotations

import ast
from collections.abc import Callable

from msgspec.structs import replace

from parity.startup.language.attributes import bound, dictionary_of
from parity.startup.language.handed import hand_over
from parity.startup.language.refusals import refuse_call
from parity.startup.language.signatures import qualified, refusal
from parity.startup.library.calls import known_call
from parity.startup.library.files import absolute
from parity.startup.library.running import execute_file
from parity.startup.state.classes import (
    DATACLASS,
    class_attribute,
    fields,
    has_made_up_init,
    only_ours,
    order,
)
from parity.startup.state.machine import Machine
from parity.startup.state.scope import Scope
from parity.startup.state.taint import SAYING, called
from parity.startup.state.values import (
    ANYTHING,
    Anything,
    Arguments,
    Class,
    Constant,
    Coroutine,
    External,
    FileText,
    Function,
    Instance,
    Items,
    Managed,
    Managing,
    Partial,
    Super,
    Table,
    Value,
    elements_of,
    text_of,
)

_SCOPE_CALLS = frozenset(
    "builtins.globals builtins.locals builtins.vars builtins.exec builtins.eval builtins.super".split()
)


class Calls:
    """Makes calls for one `Machine`; `expression` evaluates what they are made of."""

    def __init__(self, machine: Machine, expression: Callable[[ast.expr | None, Scope], Value]) -> None:
        self.machine = machine
        self.expression = expression

    def evaluate(self, node: ast.Call, scope: Scope) -> Value:
        function = self.expression(node.func, scope)
        arguments = self._arguments(node, scope)
        if isinstance(node.func, ast.Attribute):
            self.machine.at(node.func.end_lineno or node.lineno)
        else:
            self.machine.at(node.lineno)
        if isinstance(function, External) and function.name in _SCOPE_CALLS:
            return self._scope_call(function.name, arguments, scope)
        if (
            isinstance(function, Anything)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in SAYING
        ):
            return ANYTHING
        return ANYTHING if self._refuses(function, arguments) else self.call(function, arguments)

    def _refuses(self, function: Value, arguments: Arguments) -> bool:
        """The call does not fit the parameters: told, where that is sure."""
        if refuse_call(self.machine, function):
            return True
        called: Value | None = function
        if isinstance(function, Class):
            called = _initializer(function)
        if not isinstance(called, Function) or called.module.namespace.open:  # it may be another by now
            return False
        refused = refusal(called, arguments)
        if refused:
            self.machine.refuse("TypeError", f"{qualified(called)}() {refused}")
        return bool(refused)

    def _scope_call(self, name: str, arguments: Arguments, scope: Scope) -> Value:
        if name == "builtins.super":
            return _super(arguments, scope)
        code = arguments.get(0)
        if name == "builtins.exec" and isinstance(code, FileText):
            at_hand = len(arguments.positional) == 1 and not scope.function
            execute_file(self.machine, code, scope.module, scope.names if at_hand else None)
            return Constant(None)
        if name == "builtins.vars" and code is not None:
            return dictionary_of(self.machine, code)
        # globals() and the like may bind any name
        if name == "builtins.globals" or (
            name in ("builtins.locals", "builtins.vars") and not scope.function
        ):
            scope.module.namespace.open = True
            scope.names.open |= name != "builtins.globals" and not scope.function  # of a class: its own
        if name in ("builtins.exec", "builtins.eval"):
            scope.module.namespace.open = True
            scope.names.open = True
        return ANYTHING

    def call(self, function: Value, arguments: Arguments) -> Value:
        """`function(*arguments)`."""
        match function:
            case Function():
                if isinstance(function.node, ast.AsyncFunctionDef):
                    return Coroutine(function, arguments)
                return self.machine.interpreting.call_function(function, arguments)
            case Class():
                return self._instantiate(function, arguments)
            case Managing():
                return Managed(function.function, arguments)
            case Partial():
                before = function.arguments
                positional = (*before.positional, *arguments.positional)
                keywords = {**before.keywords, **arguments.keywords}
                whole = before.complete and arguments.complete
                return self.call(function.function, Arguments(positional, keywords, whole))
            case Instance():
                method = class_attribute(function.cls, "__call__")
                if isinstance(method, Function):
                    return self.call(bound(method, function), arguments)
                return ANYTHING
            case External() if (known := known_call(function.name)) is not None:
                return known(self.machine, arguments, function.bound_to)
            case _:
                called(self.machine, function, arguments)
                hand_over(function, arguments)
                self._may_write(arguments)
                return ANYTHING

    def _may_write(self, arguments: Arguments) -> None:
        """A call that is not followed may write any file that it is told the name of."""
        for value in (*arguments.positional, *arguments.keywords.values()):
            text = text_of(value)
            if text and text != "/":  # a route, or a separator: nobody writes to the root of an image
                path = absolute(self.machine, text)
                self.machine.handed |= {path} - self.machine.touched
                self.machine.touched.add(path)

    def run_coroutine(self, value: Value) -> Value:
        """`await value`."""
        if isinstance(value, Coroutine):
            return self.machine.interpreting.call_function(value.function, value.arguments)
        return ANYTHING

    def _instantiate(self, cls: Class, arguments: Arguments) -> Value:
        made = Instance(cls)
        if class_attribute(cls, "__new__") is not None:
            return ANYTHING
        start = class_attribute(cls, "__init__")
        if has_made_up_init(cls):
            made.attributes.update(dict.fromkeys(fields(cls), ANYTHING))
            start, arguments = class_attribute(cls, "__post_init__"), Arguments(complete=False)
        if start is None:
            self._start_as_base(made, arguments)
        if isinstance(start, Function):
            with self.machine.called_from_c():
                self.machine.interpreting.call_function(bound(start, made), arguments)
        return made

    def _start_as_base(self, made: Instance, arguments: Arguments) -> None:
        """The `__init__` of a base that is not the project's, where its doing is known."""
        for base in order(made.cls):
            known = known_call(f"{base.name}.__init__") if isinstance(base, External) else None
            if known is not None:
                known(self.machine, arguments, made)

    def _arguments(self, node: ast.Call, scope: Scope) -> Arguments:
        complete = True
        positional: list[Value] = []
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                value = elements_of(self.expression(argument.value, scope))
                if isinstance(value, Items) and value.complete:
                    positional += value.elements
                else:
                    complete = False
            else:
                value = self.expression(argument, scope)
                positional.append(value if complete else ANYTHING)
        keywords: dict[str, Value] = {}
        for keyword in node.keywords:
            value = self.expression(keyword.value, scope)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
            elif isinstance(value, Table) and value.complete:
                keywords.update({str(k): v for k, v in value.entries.items()})
            else:
                complete = False
        return Arguments(tuple(positional), keywords, complete)

    def defaults(self, arguments: ast.arguments, scope: Scope) -> dict[str, Value]:
        """Default values are evaluated when `def` or `lambda` runs."""
        named = [*arguments.posonlyargs, *arguments.args]
        defaults: dict[str, Value] = {}
        for argument, default in zip(
            named[len(named) - len(arguments.defaults) :], arguments.defaults, strict=True
        ):
            defaults[argument.arg] = self.expression(default, scope)
        for argument, keyword_default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if keyword_default is not None:
                defaults[argument.arg] = self.expression(keyword_default, scope)
        return defaults


def _initializer(cls: Class) -> Function | None:
    """The `__init__` that making an instance calls, with a place for the instance; None where it cannot be told."""
    if cls.metaclass is not None or class_attribute(cls, "__new__") is not None or not only_ours(cls):
        return None
    ours = [one for one in order(cls) if isinstance(one, Class)]
    first = next((one for one in ours if has_made_up_init(one) or one.namespace.get("__init__")), None)
    if first is None:
        return None
    start = first.namespace.values.get(DATACLASS if has_made_up_init(first) else "__init__")
    return replace(start, bound_to=Instance(cls)) if isinstance(start, Function) else None


def _super(arguments: Arguments, scope: Scope) -> Value:
    """`super()`. CPython: the class is in the cell `__class__`, the object is the first parameter."""
    cls = arguments.get(0) or scope.load("__class__")
    first = arguments.get(1) or next(iter(scope.names.values.values()), None)
    return Super(cls, first) if isinstance(cls, Class) and isinstance(first, Instance) else ANYTHING
