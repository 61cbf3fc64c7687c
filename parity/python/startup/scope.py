"""Where a name is looked up: the scopes of the statement that is being run."""

from __future__ import annotations

from dataclasses import dataclass, field

from parity.python.startup.modules import Module
from parity.python.startup.namespace import Namespace
from parity.python.startup.values import ANYTHING, Value


@dataclass(slots=True, eq=False)
class Scope:
    """A module's body (`names` is the module's namespace), a class body, or a function's activation.

    `outer`    the enclosing function scopes, outermost first
    `globals`  names declared `global` here, `nonlocals` those declared `nonlocal`
    `returned` what `return` statements gave, in order
    """

    module: Module
    names: Namespace
    outer: tuple[Namespace, ...] = ()
    function: bool = False
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    returned: list[Value] = field(default_factory=list)

    def load(self, name: str) -> Value | None:
        """The value, ANYTHING where it cannot be told, None where no scope of the module binds it."""
        if name not in self.globals:
            found = self.names.get(name)
            if found is not None or name in self.names.locals:
                return found
            for scope in reversed(self.outer):
                found = scope.get(name)
                if found is not None or name in scope.locals:
                    return found
        return self.module.attribute(name) if name.startswith("__") else self.module.namespace.get(name)

    def bind(self, name: str, value: Value) -> None:
        if name in self.globals:
            self.module.namespace.bind(name, value)
            return
        if name in self.nonlocals:
            for scope in reversed(self.outer):
                if name in scope.values:
                    scope.bind(name, value)
                    return
        self.names.bind(name, value)

    def unbind(self, name: str) -> None:
        (self.module.namespace if name in self.globals else self.names).unbind(name)

    def inner(self) -> tuple[Namespace, ...]:
        """The scopes that a function defined here sees."""
        return (*self.outer, self.names) if self.function else self.outer

    def give_up(self) -> None:
        """Anything may be bound here from now on."""
        self.names.open = True
        for name in list(self.names.values):
            if not name.startswith("__"):
                self.names.values[name] = ANYTHING
