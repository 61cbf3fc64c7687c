"""Would a cycle that the start-up gets through crash if another of its modules were imported first?

Tests, workers and interactive sessions begin elsewhere than the start command. Each module of the cycle is tried: a
process is simulated that imports it and nothing else. Run again are the cycle, the packages above it, and whatever
leads from these back into it; no other module decides in which order the cycle is entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from parity.startup.entrypoint import ImportModule
from parity.startup.simulate import Startup, simulate
from parity.startup.state.failures import Failure, FailureKind
from parity.startup.state.world import World

MOST_MODULES = 400
"""Modules that are run again for the cycles of a start-up; a cycle that needs more is not tried."""


class FirstImport(Struct, frozen=True):
    """`module`, imported first, fails so."""

    module: str
    failure: Failure


class FirstImports:
    """Tries first imports of one start-up, as long as `MOST_MODULES` are not reached."""

    def __init__(self, startup: Startup, world: World) -> None:
        self.startup = startup
        self.world = world
        self.left = MOST_MODULES

    def crashes_in(self, cycle: tuple[str, ...]) -> tuple[FirstImport, ...]:
        """The modules of the cycle whose import crashes in the cycle itself, in the order of the cycle."""
        run = self._between({above for name in cycle for above in _with_parents(name)})
        if len(run) * len(cycle) > self.left:
            return ()
        self.left -= len(run) * len(cycle)
        opaque = frozenset(module.name for module in self.startup.modules) - run
        world = replace(self.world, opaque=opaque)
        found = []
        for name in cycle:
            if name == "__main__":
                continue
            tried = simulate(replace(self.startup.entrypoint, steps=(ImportModule(name),)), world)
            crash = next((failure for failure in tried.failures if _is_within(failure, cycle)), None)
            if crash is not None:
                found.append(FirstImport(name, crash))
        return tuple(found)

    def _between(self, started: set[str]) -> set[str]:
        """These modules, and those on the way from one of them to another."""
        after, before = self._graph
        return started | (_reached(started, after) & _reached(started, before))

    @cached_property
    def _graph(self) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
        """Which modules each one imports, with the packages above them, and which ones import it."""
        after: dict[str, set[str]] = {}
        before: dict[str, set[str]] = {}
        for importer, imported in {(edge.importer, edge.imported) for edge in self.startup.edges}:
            for name in _with_parents(imported):
                after.setdefault(importer, set()).add(name)
                before.setdefault(name, set()).add(importer)
        return after, before


def _reached(start: Iterable[str], edges: Mapping[str, set[str]]) -> set[str]:
    todo = list(start)
    found: set[str] = set()
    while todo:
        more = edges.get(todo.pop(), set()) - found
        found |= more
        todo += more
    return found


def _with_parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[: end + 1]) for end in range(len(parts))]


def _is_within(failure: Failure, cycle: tuple[str, ...]) -> bool:
    root = failure.root
    return (
        root.kind is FailureKind.PARTIAL_MODULE
        and not failure.may_not_run
        and root.module in cycle
        and any(state.module in cycle for state in root.partial)
    )
