"""Which modules does an image's start-up reach, through which imports, in which cycles?"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.analysis.needed import entries
from parity.model.graph import GraphImport, GraphModule, ImageGraph, ModuleState
from parity.startup.state.failures import Failure, FailureKind

_BROKEN = frozenset({FailureKind.SYNTAX, FailureKind.PARTIAL_MODULE, FailureKind.MISSING_NAME})
_MISSING = frozenset({FailureKind.MISSING_MODULE, FailureKind.OTHER_VERSION, FailureKind.ENTRYPOINT})


def graph_of(analysis: Analysis, target: str | None) -> ImageGraph:
    """Modules in the order in which they load, then what is missing; imports in the order of execution."""
    cycles = tuple(dict.fromkeys(cycle.modules for cycle in analysis.cycles))
    number = {name: index for index, cycle in enumerate(cycles, 1) for name in cycle}
    named = {entry for startup in analysis.startups for entry in entries(startup)}
    failures = [*_failures(analysis), *(one.failure for one in analysis.deferred)]
    broken = {failure.module for failure in failures if failure.kind in _BROKEN}
    modules: dict[str, GraphModule] = {}
    for startup in analysis.startups:
        for module in startup.modules:
            state = ModuleState.BROKEN if module.name in broken else ModuleState.PRESENT
            state = state if module.in_image else ModuleState.MISSING
            entry = module.name in named or module.image_path in named
            modules.setdefault(
                module.name,
                GraphModule(
                    module.name, module.source, module.image_path, state, entry, number.get(module.name, 0)
                ),
            )
    for failure in failures:
        if failure.kind in _MISSING and failure.module:
            entry = failure.module in named
            path = failure.in_checkout.lstrip("/")
            made = GraphModule(failure.module, path, failure.image_path, ModuleState.MISSING, entry)
            modules.setdefault(failure.module, made)
    command = analysis.command.argv if analysis.command is not None else ()
    imports = [one for one in _imports(analysis) if one.importer in modules and one.imported in modules]
    return ImageGraph(
        analysis.dockerfile,
        target,
        tuple(argument or "…" for argument in command),
        tuple(modules.values()),
        tuple(dict.fromkeys(imports)),
        cycles,
    )


def _failures(analysis: Analysis) -> Iterator[Failure]:
    for startup in analysis.startups:
        for failure in startup.failures:
            yield failure.origin or failure


def _imports(analysis: Analysis) -> Iterator[GraphImport]:
    for startup in analysis.startups:
        for edge in startup.edges:
            if edge.importer != edge.imported:
                yield GraphImport(edge.importer, edge.imported, edge.path, edge.line)
    for failure in _failures(analysis):
        if failure.chain and failure.kind in _MISSING and failure.module:
            last = failure.chain[-1]
            yield GraphImport(last.module, failure.module, last.path, last.line)
    for deferred in analysis.deferred:
        failure = deferred.failure
        if failure.chain and failure.kind in _MISSING and failure.module:
            last = failure.chain[-1]
            yield GraphImport(last.module, failure.module, last.path, last.line, deferred=True)
