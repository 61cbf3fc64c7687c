"""What the files of a checkout say of builds and starts, each kind read by its own module."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

from msgspec import Struct

from parity.deployments.calls import Call, builds_in_calls, calls_in, compose_files
from parity.deployments.paths import folder_of, read, read_text
from parity.deployments.service import Service
from parity.deployments.start_checks import StartCheck, checks_in, own_checks
from parity.model.errors import ParityError
from parity.model.location import Location, Unknown
from parity.model.report import Note
from parity.tree.base import FileTree
from parity.tree.links import is_file

T = TypeVar("T")
MOST_FILES = 400
"""Files of one kind that are read."""
_SCRIPT = re.compile(
    r".+\.(?:sh|bash|mk)|(?i:GNU)?[Mm]akefile|[Jj]ustfile|[Tt]askfile\.ya?ml|\.gitlab-ci\.yml"
)
_BAKE = re.compile(r"docker-bake(?:\.[\w-]+)*\.(?:json|hcl)")
_FLY = re.compile(r"fly(?:\.[\w-]+)*\.toml")
_COMPOSE = re.compile(r"(?:[\w.-]+[.\-_])?(?:docker-)?compose(?:[.\-_][\w.-]+)?\.ya?ml")
_PLATFORM = re.compile(r"render\.ya?ml|heroku\.yml")
_JSON = re.compile(r".*task.*\.json|.*ecs.*\.json")
_CI = re.compile(r"(?:^|/)(?:\.github/workflows/|\.gitlab-ci\.yml$)")
_WORKFLOWS = "/.github/workflows/"
_YAML = re.compile(r".+\.ya?ml")


class Deployments(Struct, frozen=True):
    """`services` start images, and mostly say how they are built. `builds` are workflows' and scripts', in this order.

    `processes`: those of a Procfile, which starts an image only if nothing else does. `notes`: the files that say so by
    their name, and cannot be read. `start_checks`: where workflows and scripts try an image.
    """

    services: tuple[Service, ...] = ()
    builds: tuple[Service, ...] = ()
    processes: tuple[Service, ...] = ()
    notes: tuple[Note, ...] = ()
    start_checks: tuple[StartCheck, ...] = ()

    @property
    def all(self) -> tuple[Service, ...]:
        """Starts and builds."""
        return (*self.services, *self.builds)


def deployments_in(files: Iterable[str], tree: FileTree, project: str) -> Deployments:
    """`files`: checkout paths that `search` gives. `project`: the name of the repository's folder."""
    names = tuple(files)
    scripts = _matching(_SCRIPT, names)
    yaml = _matching(_YAML, names)
    workflows = tuple(name for name in yaml if name.startswith(_WORKFLOWS))
    calls = tuple(_calls(scripts, workflows, tree))
    builds: tuple[Service, ...] = ()
    if workflows:
        from parity.deployments.workflows import services_of_workflow

        builds += tuple(
            one
            for path, text in _texts(workflows, tree)
            for one in _read(partial(services_of_workflow, tree=tree), text, path[1:]) or ()
        )
    return Deployments(
        (
            *_compose(tuple(name for name in yaml if name not in workflows), calls, tree, project),
            *_bake(names, tree),
            *_fly(names, tree),
            *_platforms(names, tree),
            *_ecs(names, tree),
            *_kubernetes(tuple(name for name in yaml if name not in workflows), tree),
        ),
        (*builds, *builds_in_calls(calls, tree)),
        tuple(_processes(names, tree)),
        tuple(_unread(names, tree)),
        (
            *_own_checks((*workflows, *scripts), tree),
            *checks_in(call for call in calls if _CI.search(call.location.path)),
        ),
    )


def _compose(
    yaml: tuple[str, ...], calls: Iterable[Call], tree: FileTree, project: str
) -> tuple[Service, ...]:
    if not any("services:" in text for _, text in _texts(yaml, tree)):
        return ()
    from parity.deployments.compose import projects_in, services_of_projects

    called = (compose_files(call) for call in calls)
    whole = dict.fromkeys(files for files in called if files and all(is_file(tree, file) for file in files))
    return services_of_projects(projects_in(yaml, whole, tree), tree, project)


def _bake(names: tuple[str, ...], tree: FileTree) -> Iterator[Service]:
    for path, text in _texts(_matching(_BAKE, names), tree):
        from parity.deployments.bake import services_of_bake

        yield from services_of_bake(text, path[1:])


def _fly(names: tuple[str, ...], tree: FileTree) -> Iterator[Service]:
    for path, text in _texts(_matching(_FLY, names), tree):
        from parity.deployments.fly import services_of_fly

        yield from services_of_fly(text, path[1:], tree)


def _platforms(names: tuple[str, ...], tree: FileTree) -> Iterator[Service]:
    for path, text in _texts(_matching(_PLATFORM, names), tree):
        from parity.deployments.platforms import services_of_heroku, services_of_render

        reader = services_of_heroku if path.endswith("heroku.yml") else services_of_render
        services = _read(reader, text, path[1:]) or ()
        yield from (one for one in services if one.build is not None and is_file(tree, one.build.dockerfile))


def _ecs(names: tuple[str, ...], tree: FileTree) -> Iterator[Service]:
    for path, text in _texts(_matching(_JSON, names), tree):
        if '"containerDefinitions"' in text:
            from parity.deployments.ecs import services_of_task

            yield from services_of_task(text, path[1:])


def _kubernetes(yaml: tuple[str, ...], tree: FileTree) -> Iterator[Service]:
    texts = tuple(_texts(yaml, tree))
    manifests = [(path, text) for path, text in texts if _looks_like_manifest(text)]
    if not manifests:
        return
    from parity.deployments.kubernetes import config_maps, services_of_manifest

    maps: dict[str, tuple[tuple[str, str | None], ...]] = {}
    for path, text in texts:
        if "ConfigMap" in text and "{{" not in text:
            maps |= _read(config_maps, text, path[1:]) or {}
    for path, text in manifests:
        yield from _read(partial(services_of_manifest, maps=maps), text, path[1:]) or ()


def _processes(names: tuple[str, ...], tree: FileTree) -> Iterator[Service]:
    for path, text in _texts(tuple(name for name in names if name.endswith("/Procfile")), tree):
        from parity.deployments.procfile import services_of_procfile

        yield from services_of_procfile(text, path[1:])


def _calls(scripts: tuple[str, ...], workflows: tuple[str, ...], tree: FileTree) -> Iterator[Call]:
    """A script starts in the root or in its own folder: a call counts where what it names is there."""
    for path, text in _texts(workflows, tree):
        if "docker" in text:
            from parity.deployments.workflows import calls_of_workflow

            yield from _read(calls_of_workflow, text, path[1:]) or ()
    for path, text in _texts(scripts, tree):
        if "docker" in text or "podman" in text:
            for folder in dict.fromkeys((folder_of(path), "/")):
                yield from calls_in(text, path[1:], folder)


def _own_checks(paths: tuple[str, ...], tree: FileTree) -> Iterator[StartCheck]:
    for path, text in _texts(paths, tree):
        if "parity" in text:
            yield from own_checks(text, path[1:])


def _unread(names: tuple[str, ...], tree: FileTree) -> Iterator[Note]:
    """What is called like a file of services or of builds and is none, or may not be read."""
    yaml = [name for name in _matching(_YAML, names) if name.startswith(_WORKFLOWS)]
    yaml += [*_matching(_COMPOSE, names), *_matching(_PLATFORM, names)]
    for path in (*yaml, *_matching(_BAKE, names), *_matching(_FLY, names)):
        text = read(tree, path)
        if isinstance(text, Unknown):
            yield _note(path, text.reason.removeprefix(f"{path[1:]} "), Location(path[1:]))
        elif isinstance(text, str) and path in yaml:
            from parity.deployments.yaml_file import documents

            try:
                documents(text, path[1:])
            except ParityError as error:
                yield _note(path, error.message, error.location)


def _note(path: str, why: str, location: Location | None) -> Note:
    what = "builds" if path.startswith(_WORKFLOWS) else "services"
    return Note(f"{path[1:]}: {why}; its {what} are not known", location)


def _matching(pattern: re.Pattern[str], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if pattern.fullmatch(name.rpartition("/")[2]))[:MOST_FILES]


def _texts(paths: tuple[str, ...], tree: FileTree) -> Iterator[tuple[str, str]]:
    for path in paths:
        text = read_text(tree, path)
        if text is not None:
            yield path, text


def _looks_like_manifest(text: str) -> bool:
    """Is it worth reading? Templates of Helm and the like are none."""
    return "containers:" in text and "image:" in text and "kind:" in text and "{{" not in text


def _read(reader: Callable[[str, str], T], text: str, path: str) -> T | None:
    """What is no YAML is left out: it is not what was asked about."""
    try:
        return reader(text, path)
    except ParityError:
        return None
