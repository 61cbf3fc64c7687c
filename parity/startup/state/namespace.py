"""Which names are bound so far in a module, a class body or a function."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from msgspec import Struct, field

from parity.startup.state.values import ANYTHING, Value, either


class Namespace(Struct, eq=False):
    """Names and what they are bound to, in the order of binding.

    `maybe`      names that may be bound or not (a branch that cannot be decided)
    `open`       True once anything may be bound (a star import of an unknown module, `globals()`)
    `locals`     of a function, the names that it binds somewhere, and so never looks up outside
    `unset`      names that would be bound if a variable had a value which the image leaves unset
    `branches`   for each undecided branch being run, the names that it bound
    """

    values: dict[str, Value] = field(default_factory=dict)
    maybe: set[str] = field(default_factory=set)
    open: bool = False
    branches: list[set[str]] = field(default_factory=list)
    locals: frozenset[str] = frozenset()
    unset: set[str] = field(default_factory=set)

    def bind(self, name: str, value: Value) -> None:
        self.unset.discard(name)
        if self.branches:
            self.branches[-1].add(name)
            if name not in self.values:
                self.maybe.add(name)
            elif self.values[name] is not value:
                value = either(self.values[name], value)
        else:
            self.maybe.discard(name)
        self.values[name] = value

    def bind_from_outside(self, name: str, value: Value, *, doubtful: bool) -> None:
        """A statement of another scope binds the name; `doubtful`: it may not run."""
        with self.branch() if doubtful else nullcontext():
            self.bind(name, value)

    def unbind(self, name: str) -> None:
        if self.branches:
            self.maybe.add(name)
            self.values[name] = ANYTHING
        else:
            self.values.pop(name, None)
            self.maybe.discard(name)

    def get(self, name: str) -> Value | None:
        """The value; ANYTHING where it may be bound; None where it is certainly not."""
        value = self.values.get(name)
        if value is None:
            return ANYTHING if self.open else None
        if name in self.maybe and not any(name in bound for bound in self.branches):
            return ANYTHING  # not by a branch that is being run
        return value

    @contextmanager
    def branch(self) -> Iterator[set[str]]:
        """The block may not run: gives the names that it bound, which may be bound or not afterwards."""
        names: set[str] = set()
        self.branches.append(names)
        try:
            yield names
        finally:
            self.branches.pop()
            if self.branches:
                self.branches[-1] |= names

    def settle(self, names: set[str]) -> None:
        """These are bound whichever branch was taken."""
        if not self.branches:
            self.maybe -= names
