"""The state of the simulated interpreter: frames, handlers, what failed, and how sure it is."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from msgspec.structs import replace

from parity.model.finding import ChainLink
from parity.model.location import Location, Unknown
from parity.model.occasion import START, Occasion
from parity.startup.state.failures import (
    Failure,
    FailureKind,
    Raised,
    RaisedValue,
    Stopped,
    builtin_bases,
)
from parity.startup.state.modules import Module, State
from parity.startup.state.values import Arguments, Function, Managed, Value
from parity.startup.state.world import World
from parity.verdict.question import Kind

if TYPE_CHECKING:
    from parity.startup.importing.importer import Importer
    from parity.startup.state.questions import OpenQuestion
    from parity.startup.state.taint import Touched
from parity.startup.state.budget import (
    FRAMES_OF_A_STEP,
    FRAMES_OF_AN_IMPORT,
    MOST_FRAMES,
    MOST_STEPS,
    RECURSION_LIMIT,
    Bound,
    Budget,
    frames_of_a_call_from_c,
    frames_of_a_module,
    frames_of_a_parent,
)
from parity.startup.state.namespace import Namespace
from parity.startup.state.values import ANYTHING

NO_FILE = "<string>"
"""What tracebacks call a text that was executed: it is no file of the image."""


class Frame(Struct, eq=False):
    """One line of the traceback: a module's body, a class body or a function, and where it is.

    `span`: column, end line and end column (from 1) of the statement that began on `statement_line`.
    """

    module: Module
    line: int
    statement_line: int = 0
    span: tuple[int, int, int] = (0, 0, 0)


class Guard(Struct, frozen=True, eq=False):
    """A `try` (or `suppress`) that is being run.

    `catches(value)`: None where it cannot be told; `leaves(value)`: what its handler certainly raises again, or ends
    the process with, None where it gets over it.
    """

    catches: Callable[[RaisedValue], bool | None]
    uncertain: int
    assumed: int
    leaves: Callable[[RaisedValue], RaisedValue | None] = lambda _value: None


class Cleanup(Struct, frozen=True, eq=False):
    """A `finally` block that is still to run, the frames that it stands in, and how many guards."""

    run: Callable[[], object]
    frames: tuple[Frame, ...]
    guards: int


class Awaited(Struct, frozen=True, eq=False):
    """What a framework does on an occasion that is still to come, and the frames of the call that told it so."""

    occasion: Occasion
    run: Callable[[], object]
    frames: tuple[Frame, ...]


class Interpreting(Protocol):
    """What the import system and the calls ask of the interpreter."""

    def run_module(self, module: Module) -> None: ...

    def call(self, function: Value, arguments: Arguments) -> Value: ...

    def call_function(self, function: Function, arguments: Arguments) -> Value: ...

    def manage(self, managed: Managed, body: Callable[[Value], None]) -> None: ...


@dataclass(slots=True, eq=False)
class Machine:
    """One simulated Python process.

    `uncertain`  how many undecided branches the current statement stands in
    `assumed`    how many branches that rest on a variable which a run of the image may set
    `arguments`  its `sys.argv`, None for what cannot be told
    `cleanups`   the `finally` blocks that are still to run, innermost last
    `executed`   the files whose code was run in the names of another module
    `handling`   the exceptions whose handlers are being run, innermost last
    `touched`    image paths that the program may have written; `handed`: by their names alone
    `opened`     the checkout's files that it reads besides modules, by their image paths
    `open_questions`  what was not checked, and because of which step
    `builtins`   what the program binds in the module `builtins`, for every module to see
    `taints`     what imports rest on and the program may have changed, and where it did so first
    `given`      the attributes, by dotted name, that the program gave to what is not its own
    `undecided`  counts imports that may or may not have succeeded
    `budget`     what is left of it, and the bounds that were reached
    `depth`      how many frames Python's own count of them would be at
    `limit`      how many it allows, None where the program sets a limit that cannot be told
    `occasion`   what the process is doing
    `awaited`    what it does when it has started, in order
    """

    world: World
    environment: dict[str, str]
    working_directory: str
    arguments: tuple[str | None, ...] = ()
    frames: list[Frame] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)
    cleanups: list[Cleanup] = field(default_factory=list)
    executed: list[Module] = field(default_factory=list)
    handling: list[RaisedValue] = field(default_factory=list)
    uncertain: int = 0
    assumed: int = 0
    undecided: int = 0
    budget: Budget = field(default_factory=Budget)
    depth: int = 0
    limit: int | None = RECURSION_LIMIT
    occasion: Occasion = START
    awaited: list[Awaited] = field(default_factory=list)
    open_questions: dict[tuple[Kind, str], OpenQuestion] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    opened: dict[str, str] = field(default_factory=dict)
    handed: set[str] = field(default_factory=set)
    builtins: Namespace = field(default_factory=Namespace)
    failures: dict[tuple[object, ...], Failure] = field(default_factory=dict)
    taints: dict[Touched, Unknown] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    importing: Importer = field(init=False)
    interpreting: Interpreting = field(init=False)

    # -- frames

    @contextmanager
    def frame(self, module: Module, line: int = 0) -> Iterator[Frame]:
        """A frame is on the stack while the block runs."""
        made = Frame(module, line)
        self.frames.append(made)
        self.depth += 1
        try:
            yield made
        finally:
            self.depth -= 1
            self.frames.pop()

    @contextmanager
    def below(self, frames: int) -> Iterator[None]:
        """So many frames of Python's own code are on the stack while the block runs."""
        self.depth += frames
        try:
            yield
        finally:
            self.depth -= frames

    @contextmanager
    def loading(self) -> Iterator[None]:
        """The frames of the import system, from an `import` to the body of the module."""
        with self.below(frames_of_a_module(self.world.python) - 1):
            yield

    @contextmanager
    def importing_parent(self) -> Iterator[None]:
        """The frames of the import system, from the import of a submodule to that of its package."""
        with self.below(frames_of_a_parent(self.world.python)):
            yield

    @contextmanager
    def called_from_c(self) -> Iterator[None]:
        """The frames from the call of a class to its `__init__`, from `__import__` to the import system."""
        with self.below(frames_of_a_call_from_c(self.world.python)):
            yield

    def may_import(self, name: str) -> bool:
        """Is there room on Python's stack for one more import?"""
        return self._has_room(FRAMES_OF_AN_IMPORT, f"import {name}")

    def may_call(self, name: str) -> bool:
        """Is there room on Python's stack, and in the budget, for a call of this function?"""
        return self._has_room(1, f"the call of {name}") and self.has_steps()

    def _has_room(self, frames: int, what: str) -> bool:
        needed = self.depth + frames
        if self.limit is not None and needed > self.limit:
            self.budget.reach(
                Bound.RECURSION, f"{what} raises RecursionError at {self.limit} frames", self.place()
            )
            return False
        if needed > MOST_FRAMES:
            self.budget.reach(Bound.FRAMES, f"{what} stands {MOST_FRAMES} frames deep", self.place())
            return False
        return True

    @contextmanager
    def standing_at(self, module: Module, node: ast.expr | ast.stmt) -> Iterator[None]:
        """What the block does is done because of this expression or statement of the module."""
        span = (node.col_offset + 1, node.end_lineno or 0, (node.end_col_offset or 0) + 1)
        self.frames.append(Frame(module, node.lineno, node.lineno, span))
        try:
            yield
        finally:
            self.frames.pop()

    @contextmanager
    def during(self, occasion: Occasion) -> Iterator[None]:
        """The block is what the process does on this occasion."""
        before, self.occasion = self.occasion, occasion
        try:
            yield
        finally:
            self.occasion = before

    def await_occasion(self, occasion: Occasion, run: Callable[[], object]) -> None:
        """`run` is done when the process has started."""
        frames = tuple(copy(frame) for frame in self.frames)
        self.awaited.append(Awaited(occasion, run, frames))

    def meet_occasions(self) -> None:
        """The process has started: what was put off is done."""
        while self.awaited:
            awaited = self.awaited.pop(0)
            frames, self.frames = self.frames, list(awaited.frames)
            try:
                with self.during(awaited.occasion):
                    awaited.run()
            except (Raised, Stopped):
                pass
            finally:
                self.frames = frames

    def at(self, line: int) -> None:
        """The current frame has come to this line."""
        if self.frames:
            self.frames[-1].line = line

    def enter(self, node: ast.stmt) -> None:
        """The current frame has come to this statement."""
        if self.frames:
            frame = self.frames[-1]
            frame.line = frame.statement_line = node.lineno
            frame.span = (node.col_offset + 1, node.end_lineno or 0, (node.end_col_offset or 0) + 1)

    def chain(self) -> tuple[ChainLink, ...]:
        """The traceback as it would be printed now; a long one is counted as steps."""
        self.budget.steps += len(self.frames) // FRAMES_OF_A_STEP
        return tuple(
            ChainLink(f.module.shown, f.module.source.lstrip("/"), f.line, self._filename(f.module))
            for f in self.frames
            if f.module.compiled_as != NO_FILE
        )

    def _filename(self, module: Module) -> str:
        name = module.compiled_as or module.image_path
        return name if name.startswith("/") or not module.compiled_as else f"{self.working_directory}/{name}"

    def place(self, span: tuple[int, int, int] | None = None) -> Location:
        """Where the current module is: its statement, or `span` (column, end line and column) on its line."""
        if not self.frames:
            return Location("")
        frame = self.frames[-1]
        if span is None:
            span = frame.span if frame.line == frame.statement_line else (0, 0, 0)
        return Location(frame.module.source.lstrip("/"), frame.line, *span)

    # -- doubt

    @contextmanager
    def in_doubt(self) -> Iterator[None]:
        """What the block does may not happen."""
        self.uncertain += 1
        try:
            yield
        finally:
            self.uncertain -= 1

    @contextmanager
    def assuming(self, assumed: bool) -> Iterator[None]:
        """What the block does rests on a variable that the image leaves unset."""
        self.assumed += assumed
        try:
            yield
        finally:
            self.assumed -= assumed

    # -- exceptions

    @contextmanager
    def guarded(
        self,
        catches: Callable[[RaisedValue], bool | None],
        leaves: Callable[[RaisedValue], RaisedValue | None] = lambda _value: None,
    ) -> Iterator[Guard]:
        """Exceptions for which `catches` is not False leave the block as `Raised` with this guard."""
        depth = len(self.guards)
        guard = Guard(catches, self.uncertain, self.assumed, leaves)
        self.guards.append(guard)
        try:
            yield guard
        finally:
            del self.guards[depth:]

    def raise_value(self, value: RaisedValue) -> None:
        """Python would raise here. Raises `Raised` to the handler that takes it.

        Where nothing takes it, the failure is recorded and this returns: the check goes on as if it had
        been fixed, so that the gaps behind the first one are found too.
        """
        for guard in reversed(self.guards):
            if guard.catches(value) is not False:
                if guard.uncertain == self.uncertain and (value.failure or guard.assumed == self.assumed):
                    raise Raised(value, guard)
                return  # it may not happen, and would be caught if it did; or a run sets the variable
        failure = value.failure
        if failure is None and not (self.uncertain or self.assumed):
            failure = value.plain
        if failure is None:
            return
        if not self.uncertain:
            self._clean_up()  # what these raise takes its place
        self.record(self._doubted(failure))

    def gets_over(self, value: RaisedValue) -> bool:
        """Does, or may, a handler take this and go on?"""
        for guard in reversed(self.guards):
            if guard.catches(value) is not False:
                left = guard.leaves(value)
                if left is None:
                    return True
                value = left
        return False

    def before_cleanup(self, run: Callable[[], object]) -> Cleanup:
        """The body of a `try` begins whose `finally` block is `run`."""
        self.cleanups.append(Cleanup(run, tuple(self.frames), len(self.guards)))
        return self.cleanups[-1]

    def owes(self, cleanup: Cleanup) -> bool:
        """Is the block still to run? From now on it is not."""
        owed = cleanup in self.cleanups
        if owed:
            self.cleanups.remove(cleanup)
        return owed

    def _clean_up(self) -> None:
        while self.cleanups:
            cleanup = self.cleanups.pop()
            frames, guards = self.frames, self.guards
            self.frames, self.guards = list(cleanup.frames), guards[: cleanup.guards]
            line = self.frames[-1].line if self.frames else 0
            modules, still = self.importing.modules, self._loading(self.frames)
            failed = [module for module in self._loading(frames) if module not in still]
            for module in failed:  # CPython: what fails to load is taken out of `sys.modules` on the way
                modules.pop(module.name, None)
            try:
                cleanup.run()
            finally:
                self.at(line)
                self.frames, self.guards = frames, guards
                for module in failed:
                    modules.setdefault(module.name, module)

    def _loading(self, frames: list[Frame]) -> list[Module]:
        return [
            f.module
            for f in frames
            if f.module.state is State.LOADING and self.importing.modules.get(f.module.name) is f.module
        ]

    def fail(self, failure: Failure, bases: tuple[str, ...]) -> None:
        """An import, or a use of what was imported, fails. `bases`: the exception class and its bases."""
        failure = self._doubted(failure)
        self.raise_value(RaisedValue(failure.exception, bases, failure))

    def refuse(self, exception: str, text: str) -> None:
        """A call or an operation does not fit its operands. Not told where a condition may keep the code from it."""
        if self.uncertain:
            return
        module = self.frames[-1].module.shown if self.frames else ""
        failure = Failure(FailureKind.REFUSED, exception, text, module, self.chain(), self.place())
        self.fail(failure, builtin_bases(exception))

    def _doubted(self, failure: Failure) -> Failure:
        return replace(
            failure,
            certain=failure.certain and not self.assumed and not self.uncertain,
            may_not_run=failure.may_not_run or self.uncertain > 0,
            occasion=self.occasion,
        )

    def record(self, failure: Failure) -> None:
        """One finding a cause: the same gap met again is counted, not told again."""
        key = _key(failure)
        known = self.failures.get(key)
        if known is None:
            self.failures[key] = failure
            return
        first = failure if known.may_not_run and not failure.may_not_run else known
        self.failures[key] = replace(first, also_breaks=known.also_breaks + 1)

    def sized(self, value: Value) -> Value:
        """The value itself, or ANYTHING where it is larger than what is followed."""
        bound, most = self.budget.too_large(value)
        if bound is None:
            return value
        self.reach(bound, f"more than {most}")
        return ANYTHING

    def reach(self, bound: Bound, what: str) -> None:
        """A bound is reached at the current place."""
        self.budget.reach(bound, what, self.place())

    def has_steps(self) -> bool:
        """Counts a step; False once functions should no longer be entered, and loops not repeated."""
        self.budget.steps += 1
        if self.budget.steps < self.budget.most_steps:
            return True
        self.budget.reach(Bound.STEPS, f"over {MOST_STEPS} statements and expressions", self.place())
        return False


def _key(failure: Failure) -> tuple[object, ...]:
    if failure.kind in (FailureKind.MISSING_MODULE, FailureKind.SYNTAX, FailureKind.UNREADABLE):
        return (failure.kind, failure.module)
    if failure.kind in (FailureKind.MISSING_NAME, FailureKind.PARTIAL_MODULE):
        return (failure.kind, failure.module, failure.name)
    return (failure.kind, failure.module, failure.name, failure.place)
