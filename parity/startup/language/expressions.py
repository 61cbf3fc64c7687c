"""What an expression evaluates to, with the imports, calls and attribute look-ups that doing so entails."""

from __future__ import annotations

import ast

from msgspec.structs import replace

from parity.startup.importing.importer import Importer
from parity.startup.language.comprehensions import Comprehensions
from parity.startup.language.displays import Displays
from parity.startup.language.operations import combine, compared, unary
from parity.startup.library.calls import KNOWN, known_call
from parity.startup.library.files import absolute
from parity.startup.library.methods import method_of
from parity.startup.library.running import attribute_of_spec, execute_file
from parity.startup.library.sys import attribute_of_external
from parity.startup.state.classes import above, class_attribute, fields, has_made_up_init, only_ours, order
from parity.startup.state.failures import Failure, FailureKind, builtin_bases
from parity.startup.state.machine import Machine
from parity.startup.state.scope import Scope
from parity.startup.state.taint import SAYING, called
from parity.startup.state.values import (
    ANYTHING,
    ESCAPED,
    NONE,
    Anything,
    Arguments,
    Caught,
    Class,
    Constant,
    Coroutine,
    External,
    FilePath,
    FileText,
    Function,
    Instance,
    Items,
    Managed,
    Managing,
    ModuleValue,
    Partial,
    Property,
    Spec,
    Super,
    Table,
    Value,
    elements_of,
    is_assumed,
    text_of,
    truth,
)


class Expressions:
    """Evaluates expressions for one `Machine`."""

    def __init__(self, machine: Machine, importer: Importer) -> None:
        self.machine = machine
        self.importer = importer
        self.comprehensions = Comprehensions(machine, self.evaluate)
        self.displays = Displays(machine, self.evaluate)

    def evaluate(self, node: ast.expr | None, scope: Scope) -> Value:
        """The value of `node`; ANYTHING where it cannot be told, or is larger than what is followed."""
        self.machine.budget.steps += 1
        value = self._evaluate(node, scope)
        return self.machine.sized(value) if isinstance(node, _MADE) else value

    def _evaluate(self, node: ast.expr | None, scope: Scope) -> Value:
        match node:
            case None:
                return Constant(None)
            case ast.Constant():
                plain = node.value
                return Constant(plain) if isinstance(plain, str | bytes | int | float | None) else ANYTHING
            case ast.Name():
                return self._name(node, scope)
            case ast.Attribute():
                return self._attribute(node, scope)
            case ast.Call():
                return self._call(node, scope)
            case ast.List() | ast.Tuple() | ast.Set():
                return self.displays.items(node, scope)
            case ast.Dict():
                return self.displays.table(node, scope)
            case ast.BinOp():
                return self._binary(node, scope)
            case ast.BoolOp():
                return self._boolean(node, scope)
            case ast.UnaryOp():
                return unary(node.op, self.evaluate(node.operand, scope))
            case ast.Compare():
                return self._compare(node, scope)
            case ast.IfExp():
                return self._choice(node, scope)
            case ast.JoinedStr():
                return self.displays.joined(node, scope)
            case ast.Subscript():
                return self.displays.subscript(node, scope)
            case ast.Lambda():
                return Function(node, scope.module, scope.inner(), self._defaults(node.args, scope))
            case ast.NamedExpr():
                value = self.evaluate(node.value, scope)
                scope.statements.bind(node.target.id, value)
                return value
            case ast.Await():
                value = self.evaluate(node.value, scope)
                return self.run_coroutine(value)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self.comprehensions.evaluate(node, scope)
            case ast.Starred():
                self.evaluate(node.value, scope)
                return ANYTHING
            case ast.FormattedValue():
                self.evaluate(node.value, scope)
                return ANYTHING
            case ast.Slice():
                for part in (node.lower, node.upper, node.step):
                    if part is not None:
                        self.evaluate(part, scope)
                return ANYTHING
            case ast.Yield() | ast.YieldFrom():
                value = self.evaluate(node.value, scope)
                if scope.at_yield is not None and self.machine.uncertain <= scope.entered:
                    run, scope.at_yield = scope.at_yield, None
                    run(value)
                    return ANYTHING
                self._yield(
                    elements_of(value) if isinstance(node, ast.YieldFrom) else Items("list", [value]), scope
                )
                return ANYTHING
            case _:
                return ANYTHING

    def _yield(self, values: Value, scope: Scope) -> None:
        if isinstance(values, Items) and values.complete and self.machine.uncertain <= scope.entered:
            scope.yielded.elements += values.elements
        else:
            scope.yielded.complete = False

    # -- names and attributes

    def _name(self, node: ast.Name, scope: Scope) -> Value:
        found = scope.load(node.id)
        if found is not None and (node.id not in PLAIN or scope.binds(node.id)):
            return found
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
        seen = (scope.module.namespace, *scope.before_globals(node.id))
        with self.machine.assuming(any(node.id in names.unset for names in seen)):
            self.machine.fail(failure, builtin_bases(exception))

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Value:
        value = self.evaluate(node.value, scope)
        if isinstance(value, ModuleValue | External | Function) or value is NONE:
            # CPython: of a multi-line expression the line of the attribute itself is told
            self.machine.at(node.end_lineno or node.lineno)
        return self.attribute(value, node.attr)

    def attribute(self, value: Value, name: str) -> Value:
        """`getattr(value, name)`; tells the failure where a module certainly lacks it."""
        match value:
            case ModuleValue() | Function() | External(name="builtins") if name == "__dict__":
                return self.dictionary_of(value)
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
                bound = self._bound(found, value)
                return bound if bound is not found or only_ours(value.cls) else ANYTHING
            case Super():
                return self._bound(above(value, name), value.instance)
            case Caught():
                known = value.module if name == "name" else value.text if name == "msg" else None
                return ANYTHING if known is None else Constant(known)
            case Class():
                if name in ("__name__", "__qualname__"):
                    return Constant(value.name)
                return class_attribute(value, name) or _inherited(value, name)
            case Constant() | Items() | Table() | FilePath():
                if value is NONE and not hasattr(None, name):
                    self._fail_attribute("NoneType", name)
                return method_of(value, name)
            case Function():
                if value.bound_to is None and not value.given & {name, ESCAPED} and name not in _OF_FUNCTIONS:
                    self._fail_attribute("function", name)
                return Constant(value.name) if name in ("__name__", "__qualname__") else ANYTHING
            case Spec():
                return attribute_of_spec(value, name)
            case _:
                return ANYTHING

    def dictionary_of(self, value: Value) -> Value:
        """`value.__dict__`: any name may be bound through it."""
        match value:
            case ModuleValue():
                value.module.namespace.open = True
            case Function():
                value.given.add(ESCAPED)
            case External(name="builtins"):
                self.machine.builtins.open = True
            case _:
                pass
        return ANYTHING

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
                return Function(found.node, found.module, found.scopes, found.defaults, bound_to=instance)
            case _:
                return found

    def _fail_attribute(self, kind: str, name: str) -> None:
        text, exception = f"{kind!r} object has no attribute {name!r}", "AttributeError"
        chain, place = self.machine.chain(), self.machine.place()
        self.machine.fail(
            Failure(FailureKind.MISSING_ATTRIBUTE, exception, text, kind, chain, place, name=name),
            builtin_bases(exception),
        )

    # -- calls

    def _call(self, node: ast.Call, scope: Scope) -> Value:
        function = self.evaluate(node.func, scope)
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
        return self.call(function, arguments)

    def _scope_call(self, name: str, arguments: Arguments, scope: Scope) -> Value:
        if name == "builtins.super":
            return _super(arguments, scope)
        code = arguments.get(0)
        if name == "builtins.exec" and isinstance(code, FileText):
            at_hand = len(arguments.positional) == 1 and not scope.function
            execute_file(self.machine, code, scope.module, scope.names if at_hand else None)
            return Constant(None)
        if name == "builtins.vars" and code is not None:
            return self.dictionary_of(code)
        # globals() and the like may bind any name
        if name == "builtins.globals" or (
            name in ("builtins.locals", "builtins.vars") and not scope.function
        ):
            scope.module.namespace.open = True
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
                    bound = Function(method.node, method.module, method.scopes, method.defaults, function)
                    return self.call(bound, arguments)
                return ANYTHING
            case External() if (known := known_call(function.name)) is not None:
                return known(self.machine, arguments, function.bound_to)
            case _:
                called(self.machine, function, arguments)
                self._may_write(arguments)
                return ANYTHING

    def _may_write(self, arguments: Arguments) -> None:
        """A call that is not followed may write any file that it is told the name of, and give attributes."""
        for value in (*arguments.positional, *arguments.keywords.values()):
            if isinstance(value, Function):
                value.given.add(ESCAPED)
            text = text_of(value)
            if text:
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
        if isinstance(start, Function):
            bound = Function(start.node, start.module, start.scopes, start.defaults, made)
            with self.machine.called_from_c():
                self.machine.interpreting.call_function(bound, arguments)
        return made

    def _arguments(self, node: ast.Call, scope: Scope) -> Arguments:
        complete = True
        positional: list[Value] = []
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                value = elements_of(self.evaluate(argument.value, scope))
                if isinstance(value, Items) and value.complete:
                    positional += value.elements
                else:
                    complete = False
            else:
                value = self.evaluate(argument, scope)
                positional.append(value if complete else ANYTHING)
        keywords: dict[str, Value] = {}
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, scope)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
            elif isinstance(value, Table) and value.complete:
                keywords.update({str(k): v for k, v in value.entries.items()})
            else:
                complete = False
        return Arguments(tuple(positional), keywords, complete)

    def _defaults(self, arguments: ast.arguments, scope: Scope) -> dict[str, Value]:
        """Default values are evaluated when `def` or `lambda` runs."""
        named = [*arguments.posonlyargs, *arguments.args]
        defaults: dict[str, Value] = {}
        for argument, default in zip(
            named[len(named) - len(arguments.defaults) :], arguments.defaults, strict=True
        ):
            defaults[argument.arg] = self.evaluate(default, scope)
        for argument, keyword_default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if keyword_default is not None:
                defaults[argument.arg] = self.evaluate(keyword_default, scope)
        return defaults

    def defaults(self, arguments: ast.arguments, scope: Scope) -> dict[str, Value]:
        """The default values of a function's parameters, by name."""
        return self._defaults(arguments, scope)

    # -- operators

    def _binary(self, node: ast.BinOp, scope: Scope) -> Value:
        chain: list[ast.BinOp] = []
        left_node: ast.expr = node
        while isinstance(left_node, ast.BinOp):  # `a + b + c + …` is as deep as it is long
            chain.append(left_node)
            left_node = left_node.left
        left = self.evaluate(left_node, scope)
        for step in reversed(chain):
            left = combine(self.machine, step.op, left, self.evaluate(step.right, scope))
        return left

    def _boolean(self, node: ast.BoolOp, scope: Scope) -> Value:
        stop_on = isinstance(node.op, ast.Or)
        doubtful = 0
        assumed = False
        value: Value = ANYTHING
        try:
            for part in node.values:
                value = self.evaluate(part, scope)
                assumed = assumed or is_assumed(value)
                known = truth(value)
                if known is stop_on and not doubtful:
                    return Constant(value.value, assumed) if isinstance(value, Constant) else value
                if known is stop_on:
                    return ANYTHING if not isinstance(value, Constant) else Constant(stop_on, assumed)
                if known is None:
                    doubtful += 1  # whether the next part is evaluated cannot be told
                    self.machine.uncertain += 1
            return ANYTHING if doubtful else value
        finally:
            self.machine.uncertain -= doubtful

    def _compare(self, node: ast.Compare, scope: Scope) -> Value:
        left = self.evaluate(node.left, scope)
        result: Value = Constant(True)
        for operation, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(right_node, scope)
            if isinstance(operation, ast.In | ast.NotIn) and right == External("sys.modules"):
                outcome = self._is_loaded(left, isinstance(operation, ast.In))
            else:
                outcome = compared(operation, left, right)
            if isinstance(outcome, Constant) and not outcome.value:
                return outcome
            if isinstance(outcome, Anything) or isinstance(result, Anything):
                result = ANYTHING
            else:
                result = Constant(True, is_assumed(outcome) or is_assumed(result))
            left = right
        return result

    def _is_loaded(self, name: Value, wanted: bool) -> Value:
        """`name in sys.modules`, or `not in`."""
        text = text_of(name)
        loaded = self.importer.is_loaded(text) if text is not None else None
        return ANYTHING if loaded is None else Constant(loaded is wanted)

    def _choice(self, node: ast.IfExp, scope: Scope) -> Value:
        test = self.evaluate(node.test, scope)
        known = truth(test)
        if known is not None:
            with self.machine.assuming(is_assumed(test)):
                value = self.evaluate(node.body if known else node.orelse, scope)
            if is_assumed(test):
                return Constant(value.value, True) if isinstance(value, Constant) else value
            return value
        with self.machine.in_doubt():
            self.evaluate(node.body, scope)
            self.evaluate(node.orelse, scope)
        return ANYTHING


def _super(arguments: Arguments, scope: Scope) -> Value:
    """`super()`. CPython: the class is in the cell `__class__`, the object is the first parameter."""
    cls = arguments.get(0) or scope.load("__class__")
    first = arguments.get(1) or next(iter(scope.names.values.values()), None)
    return Super(cls, first) if isinstance(cls, Class) and isinstance(first, Instance) else ANYTHING


def _inherited(cls: Class, name: str) -> Value:
    """What the nearest base of another package has, where that is known."""
    bases = (base for base in order(cls) if isinstance(base, External))
    of_base = (External(f"{base.name}.{name}") for base in bases)
    return next((found for found in of_base if found.name in KNOWN), ANYTHING)


_OF_FUNCTIONS = frozenset([*dir(lambda: None), "__builtins__", "__type_params__", "__annotate__"])
"""Of the Python that runs the tool, and of others."""
_MADE = (
    ast.Call
    | ast.BinOp
    | ast.JoinedStr
    | ast.List
    | ast.Tuple
    | ast.Set
    | ast.Dict
    | ast.ListComp
    | ast.SetComp
)
"""Expressions whose values may be larger than what they are made of."""
PLAIN = frozenset(("bool", "dict", "frozenset", "int", "len", "list", "set", "sorted", "str", "tuple"))
"""`globals().update(...)` may bind any name; nobody gives it one of these."""
_SCOPE_CALLS = frozenset(
    {
        "builtins.globals",
        "builtins.locals",
        "builtins.vars",
        "builtins.exec",
        "builtins.eval",
        "builtins.super",
    }
)
