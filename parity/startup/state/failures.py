"""What went wrong in the simulated start-up, as facts: the rules make findings of them."""

from __future__ import annotations

import builtins
from enum import Enum

from msgspec import Struct

from parity.model.finding import ChainLink
from parity.model.location import Location, Unknown
from parity.model.occasion import START, Occasion


class FailureKind(Enum):
    """What failed, in the terms of the import system."""

    MISSING_MODULE = "missing module"
    OTHER_VERSION = "standard module of another version"
    MISSING_NAME = "missing name"
    MISSING_ATTRIBUTE = "missing attribute"
    PARTIAL_MODULE = "partially initialized module"
    RELATIVE_IMPORT = "relative import"
    SYNTAX = "syntax"
    UNREADABLE = "unreadable"
    MISSING_FILE = "missing file"
    MISSING_METADATA = "missing metadata"
    RAISED = "raised"
    REFUSED = "refused operation"
    UNBOUND_NAME = "unbound name"
    ENTRYPOINT = "entrypoint"


class PartialState(Struct, frozen=True):
    """How far a module had come when it was asked for a name that it had not bound yet."""

    module: str
    path: str
    line: int
    bound: tuple[str, ...]
    binds_later: int


class Failure(Struct, frozen=True):
    """One import (or use of what was imported) that fails in the image.

    `exception`, `text`  what Python would say
    `module`             the module that is missing, partial or broken
    `name`               the attribute, for MISSING_NAME and PARTIAL_MODULE
    `place`              the span of the statement or expression in the checkout
    `chain`              the frames of the traceback, outermost first
    `in_checkout`        the checkout path where the developer's machine finds it, "" where it does not
    `image_path`         where the image should have it
    `certain`            False where something unknown has a say
    `may_not_run`        True where it stands in a branch that cannot be decided
    `origin`             the import failure that a handler turned into this exception
    `other_case`         the path that differs only in case
    `partial`            for PARTIAL_MODULE: every module of the cycle that is being initialised
    `also_breaks`        further import statements that fail for the same reason
    `occasion`           what the process was doing
    """

    kind: FailureKind
    exception: str
    text: str
    module: str
    chain: tuple[ChainLink, ...]
    place: Location
    name: str = ""
    in_checkout: str = ""
    image_path: str = ""
    certain: bool = True
    may_not_run: bool = False
    unknown: Unknown | None = None
    origin: Failure | None = None
    other_case: str | None = None
    shadows: str = ""
    partial: tuple[PartialState, ...] = ()
    also_breaks: int = 0
    occasion: Occasion = START

    @property
    def root(self) -> Failure:
        """The import failure at the bottom, where handlers turned it into other exceptions; else itself."""
        failure = self
        while failure.origin is not None:
            failure = failure.origin
        return failure

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it the same failure in two images."""
        root = self.root
        return root.kind, root.module, root.name, root.image_path


class RaisedValue(Struct, frozen=True):
    """An exception object: its class, the names of all its bases, and the failure that it comes from.

    `text` and `chain` are of the `raise` statement, where there is one; `plain`: what is told of it where nothing that
    failed lies behind it, and nothing takes it. `members`: the bases of each exception of an ExceptionGroup, None where
    they cannot be told.
    """

    type_name: str
    bases: tuple[str, ...]
    failure: Failure | None = None
    text: str = ""
    chain: tuple[ChainLink, ...] = ()
    plain: Failure | None = None
    members: tuple[tuple[str, ...], ...] | None = None


class Raised(Exception):  # noqa: N818 - a simulated exception on its way, no error of ours
    """Carries a simulated exception to the guard (of `Machine.guarded`) that is known to take it."""

    def __init__(self, value: RaisedValue, guard: object) -> None:
        super().__init__(value.type_name)
        self.value = value
        self.guard = guard


class Stopped(Exception):  # noqa: N818 - the program ends, as it wants to
    """`sys.exit()`: the program ends here."""


def builtin_bases(name: str) -> tuple[str, ...]:
    """The exception class and its bases by name, most derived first; () if it is no built-in exception.

    CPython: the hierarchy of built-in exceptions has not changed since 3.6 but for additions.
    """
    found = getattr(builtins, name, None)
    if not (isinstance(found, type) and issubclass(found, BaseException)):
        return ()
    return tuple(base.__name__ for base in found.__mro__ if base is not object)
