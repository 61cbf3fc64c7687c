"""Imports that the start-up does not run, inside functions: what would fail when they run?

They are followed without simulation: from the modules that the start-up loaded, through the imports of their
functions, to the modules that these load, and so on.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from parity.model.finding import ChainLink
from parity.model.location import Location, Unknown
from parity.model.occasion import LATER
from parity.model.packages import normalized
from parity.python.blocks import ScopeKind
from parity.python.resolve import (
    STANDARD_LIBRARY,
    CompiledModule,
    Missing,
    NamespacePackage,
    Resolution,
    SourceModule,
    Undecided,
    find,
)
from parity.python.scan import ImportedName, ImportStatement, scan
from parity.python.source import SyntaxProblem, parse, problem
from parity.startup.read_later import ReadLater, read_unloaded
from parity.startup.simulate import Startup
from parity.startup.state.failures import Failure, FailureKind
from parity.startup.state.machine import Machine
from parity.startup.state.modules import Module
from parity.startup.state.world import World
from parity.tree.base import Entry, FileTree
from parity.tree.links import follow
from parity.verdict.judge import judge
from parity.verdict.question import Fails, Kind, Question

BINDS_ANY = r"import\s*\*|__getattr__|__path__|globals\(|exec\(|setattr\(|lazy"
"""What a package's text says if it may have names that are not written there."""
MOST_MODULES = 3_000
"""Modules that are looked into, beyond those that the start-up loads."""


class Reached(Struct, frozen=True):
    """A module of the project, how it is reached, and where its submodules are in both worlds (None: it is no package).

    `caught`: a handler on the way takes the ImportError, so nothing missing is told; it must compile all the same.
    """

    name: str
    image_path: str
    source: str
    package: str | None
    folders: tuple[str, ...] | None
    local_folders: tuple[str, ...]
    chain: tuple[ChainLink, ...]
    loaded: bool
    caught: bool = False


class Deferred(Struct, frozen=True):
    """What is missing where a function would want it: modules, also such as do not compile, and files.

    `modules`: those that the process has loaded, or its functions would load.
    """

    failures: tuple[Failure, ...]
    modules: tuple[Reached, ...]


def deferred(startup: Startup, world: World) -> Deferred:
    """Follows the imports of functions."""
    search = _Search(startup, world)
    missing = tuple(search.failures())
    files = (*_files(startup), *_files_of_unloaded(startup, world, search.known))
    return Deferred((*missing, *files), tuple(search.known.values()))


def _files(startup: Startup) -> Iterator[Failure]:
    """Those of which no failure of the start-up tells."""
    ways, told = _ways(startup), {failure.root.image_path for failure in startup.failures}
    for one in startup.read_later:
        if one.path not in told:
            link = ChainLink(one.module, one.place.path, one.place.line, "")
            yield _unread(one, (*_chain(one.module, ways), link))


def _unread(one: ReadLater, chain: tuple[ChainLink, ...]) -> Failure:
    return Failure(
        FailureKind.MISSING_FILE,
        "FileNotFoundError",
        f"[Errno 2] No such file or directory: {one.path!r}",
        one.module,
        chain,
        one.place,
        name=one.function,
        in_checkout=one.in_checkout,
        image_path=one.path,
        certain=False,
        unknown=one.doubt,
    )


def _files_of_unloaded(startup: Startup, world: World, known: Mapping[str, Reached]) -> Iterator[Failure]:
    """What the modules read that only functions import."""
    command = startup.entrypoint.command
    machine = Machine(world, dict(command.environment), command.working_directory)
    machine.touched.update(path for path in startup.wrote if path not in startup.handed)
    told = {failure.root.image_path for failure in startup.failures} | {
        one.path for one in startup.read_later
    }
    for reached in known.values():
        if reached.loaded or reached.caught or not reached.source:
            continue
        data = world.checkout.read("/" + reached.source)
        body = parse(data, world.python) if isinstance(data, bytes) else None
        if not isinstance(body, tuple):
            continue
        module = Module(reached.name, reached.name, reached.image_path, "/" + reached.source, reached.folders)
        module.body = body
        for one in read_unloaded(machine, module):
            if one.path not in told:
                told.add(one.path)
                link = ChainLink(one.module, one.place.path, one.place.line, reached.image_path)
                yield replace(_unread(one, (*reached.chain, link)), occasion=LATER)


class _Search(Struct):
    startup: Startup
    world: World
    known: dict[str, Reached] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    ran: set[tuple[str, int]] = field(default_factory=set)
    found: dict[tuple[str, tuple[str, ...], FileTree], Resolution] = field(default_factory=dict)

    def failures(self) -> Iterator[Failure]:
        todo: deque[Reached] = deque()
        self.told = {failure.module for failure in self.startup.failures}
        self.ran = set(self.startup.ran)
        came_from = _ways(self.startup)
        for module in self.startup.modules:
            reached = Reached(
                module.name,
                module.image_path,
                module.source,
                module.package,
                module.folders,
                module.local_folders,
                _chain(module.name, came_from),
                loaded=True,
            )
            if module.in_image:
                self.known[module.name] = reached
            todo.append(reached)
        budget = len(todo) + MOST_MODULES
        while todo and budget:
            budget -= 1
            at = todo.popleft()
            data = self._read(at)
            if data is None:
                continue
            if not at.loaded:
                found = problem(data, self.world.python)
                if found is not None:
                    yield self._broken(at, found)
            for statement in self._statements(at, data):
                for name in statement.names:
                    yield from self._follow(name, statement, at, todo)

    def _read(self, module: Reached) -> bytes | None:
        if not module.source:
            return None
        data = self.world.checkout.read("/" + module.source)
        return None if isinstance(data, Unknown) else data

    def _statements(self, module: Reached, data: bytes) -> Iterator[ImportStatement]:
        for statement in scan(data):
            scope = statement.scope
            later = not module.loaded and (scope.runs_at_import or scope.caught)
            deferred = scope.kind is ScopeKind.FUNCTION or later
            ran = ("/" + module.source, statement.line) in self.ran
            if deferred and not scope.type_checking and not ran:
                yield statement

    def _follow(
        self, name: ImportedName, statement: ImportStatement, module: Reached, todo: deque[Reached]
    ) -> Iterator[Failure]:
        """Resolves the imported name part by part, as the import would."""
        absolute = _absolute(name, module)
        if absolute is None:
            return
        link = ChainLink(module.name, module.source, statement.line, module.image_path)
        chain = (*module.chain, link)
        folders: tuple[str, ...] = self.startup.search_path
        local_folders: tuple[str, ...] = self.startup.local_path
        parts = absolute.split(".")
        if name.name not in (None, "*"):
            parts.append(str(name.name))  # it may be a submodule
        asked = len(absolute.split("."))
        caught = module.caught or statement.scope.caught
        for count in range(1, len(parts) + 1):
            prefix = ".".join(parts[:count])
            known = self.known.get(prefix)
            if known is None:
                image = self._find(prefix, folders, self.startup.importable)
                if isinstance(image, Missing | Undecided):
                    owner = self.known.get(prefix.rpartition(".")[0]) if count > asked else None
                    if count > asked and (owner is None or self._may_bind(owner, parts[-1])):
                        return
                    local = self._find(prefix, local_folders, self.world.checkout)
                    answer = self._judge(prefix, image, local)
                    if answer is not None and prefix not in self.told and not caught:
                        self.told.add(prefix)
                        raised = _raised(prefix, owner)
                        yield _missing(prefix, local, folders, statement, chain, module, answer.doubt, raised)
                    return
                known = self._reached(prefix, image, chain, caught)
                if known is None:
                    return
                self.known[prefix] = known
                todo.append(known)
            if known.folders is None:
                return
            folders, local_folders = known.folders, known.local_folders

    def _may_bind(self, package: Reached, name: str) -> bool:
        """May `from package import name` get something else than the submodule? Its text would say the name."""
        data = (self._read(package) or b"").decode("utf8", "replace")
        return re.search(rf"\b{re.escape(name)}\b|{BINDS_ANY}", data) is not None

    def _judge(self, name: str, image: Missing | Undecided, local: Resolution) -> Fails | None:
        """Does the import fail? None where it may find something, or the checkout has no such file."""
        if not isinstance(local, SourceModule):
            return None
        unknown = image.unknown if isinstance(image, Undecided) else None
        installed = unknown.installed if unknown is not None else None
        if installed is not None and normalized(name) in installed.names:
            return None
        answer = judge(
            Question(
                kind=Kind.MODULE,
                subject=name,
                in_checkout=local.path,
                doubt=unknown,
                git_ignored=unknown is not None and self.world.git_ignored(local.path),
                project_copied=self.world.project_copied,
            )
        )
        return answer if isinstance(answer, Fails) else None

    def _find(self, name: str, folders: tuple[str, ...], tree: FileTree) -> Resolution:
        """Most names are asked for by many statements."""
        asked = (name, folders, tree)
        if asked not in self.found:
            self.found[asked] = find(name, folders, tree, self.world.standard)
        return self.found[asked]

    def _reached(
        self, name: str, image: Resolution, chain: tuple[ChainLink, ...], caught: bool
    ) -> Reached | None:
        match image:
            case SourceModule() | CompiledModule():
                answer = follow(self.startup.importable, image.path).answer
                source = (answer.source or "") if isinstance(answer, Entry) else ""
                folder = image.path.rpartition("/")[0] or "/"
                local = (source.rpartition("/")[0] or "/",) if source else ()
                package = name if image.package else name.rpartition(".")[0]
                return Reached(
                    name,
                    image.path,
                    source.lstrip("/") if isinstance(image, SourceModule) else "",
                    package,
                    (folder,) if image.package else None,
                    tuple(dict.fromkeys((*local, *self.world.counterpart(folder)))) if image.package else (),
                    chain,
                    loaded=False,
                    caught=caught,
                )
            case NamespacePackage() if image.undecided is None:
                portions = tuple(c for folder in image.folders for c in self.world.counterpart(folder))
                return Reached(
                    name, "", "", name, image.folders, portions, chain, loaded=False, caught=caught
                )
            case _:
                return None

    def _broken(self, module: Reached, problem: SyntaxProblem) -> Failure:
        link = ChainLink(module.name, module.source, problem.line, module.image_path)
        return Failure(
            FailureKind.SYNTAX,
            problem.exception,
            problem.text,
            module.name,
            (*module.chain, link),
            Location(module.source, problem.line, problem.column),
            name=f"Python {problem.since} reads it" if problem.since else "",
            in_checkout="/" + module.source,
            image_path=module.image_path,
            certain=self.world.language_unknown is None,
            unknown=self.world.language_unknown,
            occasion=LATER,
        )


def _raised(name: str, package: Reached | None) -> tuple[str, str]:
    """What the import of a missing module raises; `package`: the one whose submodule it takes as a name."""
    if package is None:
        return "ModuleNotFoundError", f"No module named {name!r}"
    where = package.image_path or "unknown location"
    return "ImportError", f"cannot import name {name.rpartition('.')[2]!r} from {package.name!r} ({where})"


def _missing(
    name: str,
    local: Resolution,
    folders: tuple[str, ...],
    statement: ImportStatement,
    chain: tuple[ChainLink, ...],
    module: Reached,
    doubt: Unknown | None,
    raised: tuple[str, str],
) -> Failure:
    assert isinstance(local, SourceModule)
    tail = name.rpartition(".")[2]
    folder = next((f for f in folders if f != STANDARD_LIBRARY), "/").rstrip("/")
    return Failure(
        FailureKind.MISSING_MODULE,
        *raised,
        name,
        chain,
        Location(module.source, statement.line, statement.column, statement.end_line, statement.end_column),
        in_checkout=local.path,
        image_path=f"{folder}/{tail}/__init__.py" if local.package else f"{folder}/{tail}.py",
        certain=doubt is None,
        unknown=doubt,
        occasion=LATER,
    )


def _absolute(name: ImportedName, module: Reached) -> str | None:
    if not name.level:
        return name.module
    if not module.package:
        return None
    bits = module.package.rsplit(".", name.level - 1)
    if len(bits) < name.level:
        return None
    return f"{bits[0]}.{name.module}" if name.module else bits[0]


def _ways(startup: Startup) -> dict[str, ChainLink]:
    """For each module, the import that first asked for it."""
    ways: dict[str, ChainLink] = {}
    for edge in startup.edges:
        if edge.imported != edge.importer:
            ways.setdefault(edge.imported, ChainLink(edge.importer, edge.path, edge.line, edge.image_path))
    return ways


def _chain(name: str, ways: dict[str, ChainLink]) -> tuple[ChainLink, ...]:
    """The imports that lead to the module, from the entrypoint on."""
    chain: dict[ChainLink, None] = {}
    while name in ways and ways[name] not in chain:
        chain[ways[name]] = None
        name = ways[name].module
    return tuple(reversed(chain))
