"""Which services do the compose files of a checkout build and start?

Compose specification: the files of a project are merged in order; `include` brings further projects, `extends`
another service. Paths are relative to the first file's folder, those of an included or extended file to its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from parity.deployments.calls import compose_files
from parity.deployments.compose_service import ComposeReader, ServiceKeys, without_extends
from parity.deployments.files import CheckoutFiles
from parity.deployments.format import Format, Gives
from parity.deployments.paths import folder_of, inside, read_text
from parity.deployments.service import Service
from parity.deployments.variables import assignments
from parity.deployments.yaml_file import EMPTY, Table, Value, document
from parity.model.errors import ParityError
from parity.model.location import Location
from parity.tree.base import FileTree, join
from parity.tree.links import is_file

FORMAT = Format(
    gives=Gives.STARTS,
    files=r".+\.ya?ml",
    signs=("services:",),
    owns=r"(?:[\w.-]+[.\-_])?(?:docker-)?compose(?:[.\-_][\w.-]+)?\.ya?ml",
)
USUAL = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""The files that `docker compose` takes unasked, the first that is there (compose specification)."""
OVERRIDES = (
    "compose.override.yaml",
    "compose.override.yml",
    "docker-compose.override.yaml",
    "docker-compose.override.yml",
)
"""The files that `docker compose` merges into the usual one unasked."""
_DEEPEST = 8
"""Of includes and extended services."""
MOST_PROJECTS = 100


def services(files: CheckoutFiles) -> tuple[Service, ...]:
    """Those of the projects that scripts name, and of the others that the files make."""
    tree = files.tree
    called = (compose_files(call) for call in files.calls)
    whole = dict.fromkeys(one for one in called if one and all(is_file(tree, file) for file in one))
    return services_of_projects(projects_in(files.of(FORMAT), whole, tree), tree, files.project)


class Project(Struct, frozen=True):
    """The compose files (checkout paths) of one `docker compose` call, and the folder that paths start from."""

    files: tuple[str, ...]
    folder: str


def services_of_projects(projects: Iterable[Project], tree: FileTree, name: str) -> tuple[Service, ...]:
    """The services of these projects that are built, or start an image. `name`: of the repository's folder.

    A project with a file that cannot be read is left out: it is not what was asked about.
    """
    found: list[Service] = []
    for project in projects:
        loader = _Loader(tree)
        try:
            keys = loader.project(project)
        except ParityError:
            continue
        label = project.folder.rpartition("/")[2] or name
        services = (one.service(service, tree, label) for service, one in keys.items())
        found += [service for service in services if service is not None]
    return tuple(found)


def projects_in(
    files: Iterable[str], called: Iterable[tuple[str, ...]], tree: FileTree
) -> tuple[Project, ...]:
    """The projects that these YAML files (checkout paths) make.

    `called`: the files of each `docker compose -f` call that a script of the checkout makes. Beside those, each
    folder's usual file with its override is a project, and so is every other file whose services could be started
    from it alone; one that only adds to services is merged into the usual file of its folder, or the others there.
    """
    names = tuple(files)
    projects = [Project(one, folder_of(one[0])) for one in called]
    taken = {file for project in projects for file in project.files}
    usual: dict[str, tuple[str, ...]] = {}
    for folder in dict.fromkeys(folder_of(name) for name in names):
        beside = [join(folder, name) for name in USUAL]
        first = next((name for name in beside if name in names), None)
        if first is not None:
            over = next((o for o in (join(folder, name) for name in OVERRIDES) if o in names), None)
            usual[folder] = (first, over) if over else (first,)
            projects.append(Project(usual[folder], folder))
            taken |= {*usual[folder]}
            taken |= {join(folder, name) for name in USUAL}
    alone: dict[str, list[str]] = {}
    added: list[str] = []
    for name in names:
        if name in taken:
            continue
        keys = _services(name, tree)
        if keys and all(_stands_alone(one) for one in keys.entries.values()):
            alone.setdefault(folder_of(name), []).append(name)
            projects.append(Project((name,), folder_of(name)))
        elif keys:
            added.append(name)
    for name in added:
        folder = folder_of(name)
        bases = [usual[folder]] if folder in usual else [(one,) for one in alone.get(folder, ())]
        projects += [Project((*base, name), folder) for base in bases]
    return tuple(dict.fromkeys(projects))[:MOST_PROJECTS]


def _services(path: str, tree: FileTree) -> Table:
    """The `services` of a file that looks like one of compose."""
    text = read_text(tree, path)
    if text is None or "services:" not in text:
        return EMPTY
    try:
        return document(text, path[1:]).table("services")
    except ParityError:
        return EMPTY


def _stands_alone(service: Value) -> bool:
    """Compose refuses a service that has neither an image nor a build."""
    return isinstance(service, Table) and any(key in service.entries for key in ("build", "image", "extends"))


class _Loader:
    """Reads the files of a project, each once."""

    def __init__(self, tree: FileTree) -> None:
        self.tree = tree
        self.read_files: dict[str, Table] = {}
        self.projects = 0

    def project(self, project: Project, depth: int = 0) -> dict[str, ServiceKeys]:
        """The services of the files, merged. Raises ParityError for a file that is no YAML."""
        self.projects += 1
        variables = assignments(read_text(self.tree, join(project.folder, ".env")) or "")
        merged: dict[str, ServiceKeys] = {}
        for path in project.files:
            for included in self.includes(self.file(path), project.folder, variables):
                if depth < _DEEPEST and self.projects < MOST_PROJECTS:
                    merged = {**self.project(included, depth + 1), **merged}
            beside = self.services(path, project.folder, variables)
            for name, own in beside.items():
                keys = self.extended(own, beside, variables)
                merged[name] = keys.over(merged[name]) if name in merged else keys
        return merged

    def services(self, path: str, folder: str, variables: Mapping[str, str]) -> dict[str, ServiceKeys]:
        """What one file says of each service."""
        top = self.file(path)
        reader = ComposeReader(self.tree, folder, variables, top.table("configs"), top.table("secrets"))
        services = top.table("services")
        return {
            name: reader.read(keys, services.places.get(name, Location(path[1:])))
            for name, keys in services.entries.items()
            if isinstance(keys, Table)
        }

    def extended(
        self,
        keys: ServiceKeys,
        beside: Mapping[str, ServiceKeys],
        variables: Mapping[str, str],
        depth: int = 0,
    ) -> ServiceKeys:
        """The service over the one that it extends, of this file or another."""
        if keys.extends is None or depth >= _DEEPEST:
            return without_extends(keys)
        file, name = keys.extends
        if file:
            beside = self.services(file, folder_of(file), variables)
        base = beside.get(name)
        if base is None:
            return without_extends(keys)
        return without_extends(keys.over(self.extended(base, beside, variables, depth + 1)))

    def includes(self, top: Table, folder: str, variables: Mapping[str, str]) -> Iterator[Project]:
        reader = ComposeReader(self.tree, folder, variables)
        for item in top.items("include"):
            written = item.get("path") if isinstance(item, Table) else item
            names = written if isinstance(written, tuple) else (written,)
            paths = [inside(folder, text) for one in names if (text := reader.text(one))]
            files = tuple(path for path in paths if path is not None and is_file(self.tree, path))
            own = reader.text(item.get("project_directory")) if isinstance(item, Table) else None
            place = inside(folder, own) if own else None
            if files:
                yield Project(files, place or folder_of(files[0]))

    def file(self, path: str) -> Table:
        if path not in self.read_files:
            text = read_text(self.tree, path)
            self.read_files[path] = EMPTY if text is None else document(text, path[1:])
        return self.read_files[path]
