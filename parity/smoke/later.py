"""What does a start-up import only when something runs, so that no import of its modules brings it?

Imports in functions that the start-up calls, behind `if __name__ == "__main__"`, and by `importlib`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from parity.python.blocks import ScopeKind
from parity.python.scan import ImportStatement
from parity.python.stdlib import is_standard_library
from parity.smoke.literals import import_of
from parity.smoke.process import Process, absolute
from parity.startup.entrypoint import CallFunction, ImportModule, RunModule
from parity.startup.importing.trail import Edge


def later_imports(process: Process, tested: Collection[str], *, taken_apart: bool) -> Iterator[str]:
    """As statements. `tested`: the statements that there are; `taken_apart`: they are those of the program, which
    itself is not run.
    """
    late: list[tuple[Edge, ImportStatement | None]] = []
    at_import: dict[str, list[str]] = {}
    mains = process.mains
    for edge in process.startup.edges:
        statement = process.statement(edge)
        if _runs_later(statement, not_run=taken_apart and edge.importer in mains):
            late.append((edge, statement))
        else:
            at_import.setdefault(edge.importer, []).append(edge.imported)
    covered: set[str] = set()
    _cover((*_named(process), *mains), at_import, covered)
    packages = {one.name: one.package for one in process.startup.modules}
    for edge, statement in late:
        if any(asks_for(one, edge.imported) for one in tested):
            _cover((edge.imported,), at_import, covered)
        if edge.imported in covered:
            continue
        if edge.importer not in covered | mains or _may_be_absent(process, edge, statement):
            continue
        _cover((edge.imported,), at_import, covered)
        top = edge.imported.partition(".")[0]
        if top in packages or not is_standard_library(top, None):
            package = packages.get(edge.importer) or ""
            written = absolute(statement, package) if statement is not None else None
            yield written if written is not None else import_of(edge.imported)


def asks_for(statement: str, module: str) -> bool:
    """Does the text name this module?"""
    return re.search(rf"(?<![\w.]){re.escape(module)}(?![\w])", statement) is not None


def _named(process: Process) -> Iterator[str]:
    """The modules that the start command names."""
    for step in process.startup.entrypoint.steps:
        match step:
            case ImportModule() | RunModule():
                yield step.name
            case CallFunction() if step.module:
                yield step.module
            case _:
                pass


def _runs_later(statement: ImportStatement | None, *, not_run: bool) -> bool:
    """Not when the module that asks is imported. `not_run`: that module is a program that is not."""
    if statement is None:
        return not_run
    scope = statement.scope
    return not_run or scope.kind is ScopeKind.FUNCTION or scope.main_guard


def _may_be_absent(process: Process, edge: Edge, statement: ImportStatement | None) -> bool:
    """May the start-up do without it, or make it before it asks for it?"""
    startup = process.startup
    failed = [one for one in startup.failures if f"{edge.imported}.".startswith(f"{one.module}.")]
    if failed:
        return any(one.may_not_run for one in failed)
    outside = (module for one in startup.outside for module in (one.name, *one.modules))
    if edge.imported not in {*(one.name for one in startup.modules), *outside}:
        return True  # something catches what its import raises
    if statement is not None and (statement.scope.caught or statement.scope.type_checking):
        return True
    return process.is_made_at_start(edge.imported)


def _cover(roots: Iterable[str], edges: dict[str, list[str]], covered: set[str]) -> None:
    """Adds the modules that an import of the roots brings: their parents, and what each imports."""
    todo = list(roots)
    while todo:
        name = todo.pop()
        if name and name not in covered:
            covered.add(name)
            todo += (name.rpartition(".")[0], *edges.get(name, ()))
