"""Imports that the start-up does not run, inside functions: which of them would fail when they run?"""

from __future__ import annotations

from parity.model.finding import ChainLink
from parity.model.location import Location, Unknown
from parity.python.resolve import (
    STANDARD_LIBRARY,
    CompiledModule,
    Missing,
    NamespacePackage,
    SourceModule,
    find,
)
from parity.python.scan import ImportedName, ImportStatement, scan
from parity.python.startup.failures import Failure, FailureKind
from parity.python.startup.simulate import LoadedModule, Startup
from parity.python.world import World


def deferred_failures(startup: Startup, world: World) -> tuple[Failure, ...]:
    """One failure a module that a function would import, that the checkout has and the image lacks."""
    loaded = {module.name: module for module in startup.modules}
    told = {failure.module for failure in startup.failures}
    found: dict[str, Failure] = {}
    for module in startup.modules:
        for statement in _deferred_statements(module, startup, world):
            for name in statement.names:
                gap = _gap(name, module, loaded, startup, world)
                if gap is not None and gap.module not in told:
                    place = Location(
                        module.source, statement.line, statement.column, statement.end_line, statement.end_column
                    )
                    link = ChainLink(module.name, module.source, statement.line, module.image_path)
                    found.setdefault(
                        gap.module,
                        Failure(
                            FailureKind.MISSING_MODULE,
                            gap.exception,
                            gap.text,
                            gap.module,
                            (*_way_to(module, startup), link),
                            place,
                            in_checkout=gap.in_checkout,
                            image_path=gap.image_path,
                        ),
                    )
    return tuple(found.values())


def _deferred_statements(module: LoadedModule, startup: Startup, world: World) -> list[ImportStatement]:
    if not module.source:
        return []
    data = world.checkout.read("/" + module.source)
    if isinstance(data, Unknown):
        return []
    return [
        statement
        for statement in scan(data)
        if statement.scope.function
        and not statement.scope.type_checking
        and not statement.scope.caught
        and ("/" + module.source, statement.line) not in startup.ran
    ]


def _gap(
    name: ImportedName,
    module: LoadedModule,
    loaded: dict[str, LoadedModule],
    startup: Startup,
    world: World,
) -> Failure | None:
    absolute = _absolute(name, module)
    if absolute is None:
        return None
    image_folders: tuple[str, ...] = startup.search_path
    local_folders: tuple[str, ...] = startup.local_path
    parts = absolute.split(".")
    for count in range(1, len(parts) + 1):
        prefix = ".".join(parts[:count])
        known = loaded.get(prefix)
        if known is not None and known.in_image:
            if known.folders is None:
                return None
            image_folders, local_folders = known.folders, known.local_folders
            continue
        image = find(prefix, image_folders, world.files, world.standard)
        local = find(prefix, local_folders, world.checkout, world.standard)
        if isinstance(image, Missing):
            if not isinstance(local, SourceModule):
                return None
            tail = prefix.rpartition(".")[2]
            folder = next((f for f in image_folders if f != STANDARD_LIBRARY), "/").rstrip("/")
            image_path = f"{folder}/{tail}/__init__.py" if local.package else f"{folder}/{tail}.py"
            return Failure(
                FailureKind.MISSING_MODULE,
                "ModuleNotFoundError",
                f"No module named {prefix!r}",
                prefix,
                (),
                Location(""),
                in_checkout=local.path,
                image_path=image_path,
            )
        image_folders = _inside(image)
        local_folders = _inside(local) + tuple(c for f in image_folders for c in world.counterpart(f))
        if not image_folders:
            return None
    return None


def _inside(found: object) -> tuple[str, ...]:
    match found:
        case SourceModule(package=True) | CompiledModule(package=True):
            return (found.path.rpartition("/")[0],)
        case NamespacePackage():
            return found.folders
        case _:
            return ()


def _absolute(name: ImportedName, module: LoadedModule) -> str | None:
    if not name.level:
        return name.module
    if not module.package:
        return None
    bits = module.package.rsplit(".", name.level - 1)
    if len(bits) < name.level:
        return None
    return f"{bits[0]}.{name.module}" if name.module else bits[0]


def _way_to(module: LoadedModule, startup: Startup) -> tuple[ChainLink, ...]:
    """The imports by which the start-up reaches the module, the shortest way."""
    first: dict[str, ChainLink] = {}
    came_from: dict[str, str] = {}
    for edge in startup.edges:
        if edge.imported not in came_from and edge.imported != edge.importer:
            came_from[edge.imported] = edge.importer
            first[edge.imported] = ChainLink(edge.importer, edge.path, edge.line, edge.image_path)
    chain: list[ChainLink] = []
    at = module.name
    while at in came_from and len(chain) < 60:
        link = first[at]
        if link in chain:
            break
        chain.insert(0, link)
        at = came_from[at]
    return tuple(chain)
