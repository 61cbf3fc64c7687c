"""Gathers the facts about one image: its start-up simulated, its cycles, its deferred imports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set

from msgspec.structs import replace

from parity.analysis.analysis import Analysis, Cycle, DeferredFailure
from parity.analysis.built_packages import lacking
from parity.analysis.dependencies import PackageSettings, dependencies_of, open_packages, unchecked_packages
from parity.analysis.start import VERSION_UNKNOWN, python_of, runs_python_3, start_of, world_of
from parity.build.image import Image
from parity.git.ignore import GitIgnore
from parity.model.finding import ChainLink
from parity.model.location import May, Unknown
from parity.python.graph import ImportGraph
from parity.startup.deferred import Reached, deferred
from parity.startup.fragile import FirstImports
from parity.startup.simulate import Startup, simulate
from parity.startup.state.budget import Budget
from parity.startup.state.failures import Failure, FailureKind
from parity.startup.state.world import World
from parity.tree.base import FileTree
from parity.verdict.cost import costs_of

ENGINES = frozenset(
    "aiohttp_jinja2 django fastapi flask jinja2 litestar quart sanic_ext starlette tornado".split()
)
"""Packages that render templates. A process that imports none of them needs no templates."""
NOTHING_TOLD = PackageSettings()


def examine(
    image: Image,
    checkout: FileTree,
    dockerfile: str,
    *,
    command: str | None,
    python: str | None,
    packages: PackageSettings = NOTHING_TOLD,
    git_ignored: Callable[[str], bool] | None = None,
) -> Analysis:
    """`command` and `python` override what the image says; `packages`: what the user says of packages.

    `git_ignored`: does git leave this path of the checkout out? None: as the checkout's own files say.
    """

    def examined(image: Image) -> Analysis:
        return _examined(
            image,
            checkout,
            dockerfile,
            command=command,
            python=python,
            packages=packages,
            git_ignored=git_ignored or GitIgnore(checkout).ignores,
        )

    analysis = examined(image)
    if image.unmounted is None:
        return analysis
    from parity.analysis.mounts import compared  # few services have mounts

    return compared(analysis, examined(image.alone))


def _examined(
    image: Image,
    checkout: FileTree,
    dockerfile: str,
    *,
    command: str | None,
    python: str | None,
    packages: PackageSettings,
    git_ignored: Callable[[str], bool],
) -> Analysis:
    start = start_of(image, checkout, command)
    image = start.image
    version = python_of(start, python)
    startups: list[Startup] = []
    later: list[DeferredFailure] = []
    cycles: list[Cycle] = []
    budget = Budget()
    replayed = tuple(one for one in start.started if runs_python_3(version, one.entrypoint))
    for process in replayed:
        written = tuple(path for before in startups for path in before.wrote)
        here = replace(image, tree=process.files)
        world = world_of(here, checkout, version, process.entrypoint, written, git_ignored=git_ignored)
        startup = simulate(process.entrypoint, world, budget)
        startups.append(startup)
        known = {cycle.modules for cycle in cycles}
        cycles += cycles_of(startup, FirstImports(startup, world), known)
        found = deferred(startup, world)
        missing = (*found.failures, *_templates(startup, world, found.modules))
        later += [DeferredFailure(failure) for failure in missing]
    unknowns = [unknown for unknown in image.unknowns if unknown.may is not May.NOTHING]
    if image.base.unknown is not None and image.base.unknown.reason not in {u.reason for u in unknowns}:
        unknowns.insert(0, image.base.unknown)
    if version is None and startups:
        unknowns.append(VERSION_UNKNOWN)
    dependencies = dependencies_of(startups, image, checkout, version, packages, start.command)
    unchecked = (*unchecked_packages(startups, image), *open_packages(dependencies))
    return Analysis(
        dockerfile,
        image,
        checkout,
        version,
        start.command,
        tuple(startups),
        start.unrecognised,
        costs_of(unknowns, _open_modules(startups), unchecked),
        tuple(cycles),
        tuple(later),
        (*dependencies, *lacking(startups, image, version)),
        python_2=len(replayed) < len(start.started),
        stopped=start.stopped,
        git_ignored=git_ignored,
    )


def _templates(startup: Startup, world: World, modules: tuple[Reached, ...]) -> Iterable[Failure]:
    if ENGINES.isdisjoint(one.name.partition(".")[0] for one in startup.outside):
        return ()
    from parity.frameworks.templates import missing_templates

    return missing_templates(world, modules, startup.entrypoint.command.working_directory)


def _open_modules(startups: Iterable[Startup]) -> Iterator[tuple[Unknown, str]]:
    """What of the project's own was not checked, and the step to blame."""
    for startup in startups:
        for one in startup.not_checked:
            yield one.doubt, one.question.subject
        for bound in startup.unknowns:
            yield bound, f"what {bound.location or 'the start command'} leads to"


def cycles_of(
    startup: Startup, first_imports: FirstImports, known: Set[tuple[str, ...]] = frozenset()
) -> tuple[Cycle, ...]:
    """The groups of modules that import each other while they load, but those that are `known`."""
    edges = {(edge.importer, edge.imported): edge for edge in startup.edges}
    ours = {module.name for module in startup.modules}
    pairs = [(a, b, e.line) for (a, b), e in edges.items() if a in ours and b in ours and a != b]
    crashed = {
        state.module
        for failure in startup.failures
        if failure.root.kind is FailureKind.PARTIAL_MODULE
        for state in failure.root.partial
    }
    found = []
    for group in ImportGraph.of(pairs).cycles():
        if group in known:
            continue
        members = set(group)
        chain = tuple(
            ChainLink(e.importer, e.path, e.line, e.image_path)
            for (a, b), e in edges.items()
            if a in members and b in members and a != b
        )
        crashes = bool(members & crashed)
        fragile = () if crashes else first_imports.crashes_in(group)
        found.append(Cycle(group, chain, crashes, fragile))
    return tuple(found)
