"""Which modules import which: chains and cycles. The one door to networkx."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    import networkx

Edge = tuple[str, str, int]
"""Importer, imported, line."""


class ImportGraph(Struct, frozen=True, dict=True):
    """Made of (importer, imported, line); the first line counts where there are several."""

    edges: tuple[Edge, ...]

    @classmethod
    def of(cls, edges: Iterable[Edge]) -> ImportGraph:
        return cls(tuple(edges))

    @cached_property
    def _graph(self) -> networkx.DiGraph[str]:
        import networkx

        graph: networkx.DiGraph[str] = networkx.DiGraph()
        for importer, imported, line in self.edges:
            if not graph.has_edge(importer, imported):
                graph.add_edge(importer, imported, line=line)
        return graph

    def chain(self, start: str, goal: str) -> tuple[Edge, ...]:
        """A shortest chain of imports from `start` to `goal`, always the same one; () where there is none."""
        import networkx

        if start not in self._graph or goal not in self._graph:
            return ()
        paths = networkx.single_source_shortest_path(self._graph, start)
        path = paths.get(goal, [])
        return tuple((a, b, self._graph.edges[a, b]["line"]) for a, b in pairwise(path))

    def cycles(self) -> tuple[tuple[str, ...], ...]:
        """The groups of modules that reach each other, each sorted, and in order."""
        if self._is_acyclic():
            return ()
        import networkx

        groups = networkx.strongly_connected_components(self._graph)
        return tuple(sorted(tuple(sorted(group)) for group in groups if len(group) > 1))

    def _is_acyclic(self) -> bool:
        """Most programs are; they need not wait until networkx is loaded."""
        sorter: TopologicalSorter[str] = TopologicalSorter()
        for importer, imported, _ in self.edges:
            sorter.add(importer, imported)
        try:
            sorter.prepare()
        except CycleError:
            return False
        return True
