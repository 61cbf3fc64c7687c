"""Who needs a module or a file: the start command itself, an import of the start-up, a function called later?"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.model.finding import ChainLink
from parity.model.why import Need
from parity.startup.entrypoint import ExecuteFile, ImportModule, RunCode, RunFile, RunModule
from parity.startup.importing.trail import Edge
from parity.startup.simulate import Startup

MOST_LINKS = 60

Needed = tuple[Need, tuple[ChainLink, ...]]
NOT_NEEDED: Needed = (Need.NOT, ())


def who_needs_file(analysis: Analysis, image_path: str, source: str) -> Needed:
    """A module, or a file that is opened, by its path in the image or the checkout ("": it has none there)."""
    for startup in analysis.startups:
        for name in _names_at(startup, image_path, source):
            needed = _in(startup, name, image_path)
            if needed != NOT_NEEDED:
                return needed
        for failure in startup.failures:
            if failure.image_path and failure.image_path == image_path:
                return (Need.IMPORTED, failure.chain) if failure.chain else (Need.START, ())
    for deferred in analysis.deferred:
        if image_path and deferred.failure.image_path == image_path:
            return Need.LATER, deferred.failure.chain
    return NOT_NEEDED


def who_needs_module(analysis: Analysis, name: str) -> Needed:
    """A module of which there is no file: of the standard library, of an installed package, or of nobody."""
    for startup in analysis.startups:
        needed = _in(startup, name, "")
        if needed != NOT_NEEDED:
            return needed
    for deferred in analysis.deferred:
        if f"{deferred.failure.module}.".startswith(f"{name}."):
            return Need.LATER, deferred.failure.chain
    return NOT_NEEDED


def entries(startup: Startup) -> Iterator[str]:
    """The modules that the start command names, and the image paths of its scripts."""
    for step in startup.entrypoint.steps:
        match step:
            case RunFile(path) | ExecuteFile(path):
                yield path
            case RunModule(name):
                yield from (name, f"{name}.__main__")
            case ImportModule(name):
                yield name
            case RunCode():
                yield "__main__"


def _names_at(startup: Startup, image_path: str, source: str) -> list[str]:
    return [
        module.name
        for module in startup.modules
        if module.image_path == image_path or (source and module.source == source)
    ]


def _in(startup: Startup, name: str, image_path: str) -> Needed:
    if any(entry == image_path or f"{entry}.".startswith(f"{name}.") for entry in entries(startup)):
        return Need.START, ()
    chain: list[ChainLink] = []
    while len(chain) < MOST_LINKS:
        edge = _first_import(startup, name)
        if edge is None:
            break
        link = ChainLink(edge.importer, edge.path, edge.line, edge.image_path)
        if link in chain:
            break
        chain.insert(0, link)
        name = edge.importer
        if name in entries(startup):
            break
    return (Need.IMPORTED, tuple(chain)) if chain else NOT_NEEDED


def _first_import(startup: Startup, name: str) -> Edge | None:
    """The import that loads it; a package is loaded by the first import of a module below it, too."""
    inside = f"{name}."
    for edge in startup.edges:
        if f"{edge.imported}.".startswith(inside) and not f"{edge.importer}.".startswith(inside):
            return edge
    return None
