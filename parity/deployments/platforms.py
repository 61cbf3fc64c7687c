"""Files of platforms that build a Dockerfile and start it: render.yaml, heroku.yml.

Render: Blueprint specification. Heroku: Building Docker Images with heroku.yml.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.deployments.paths import folder_of, inside
from parity.deployments.service import Build, Service
from parity.deployments.yaml_file import Table, Value, document
from parity.model.location import Location

_SHELL = ("/bin/sh", "-c")


def services_of_render(text: str, path: str) -> tuple[Service, ...]:
    """The services of a blueprint whose runtime is Docker. Raises ParityError for what is no YAML."""
    return tuple(_render(document(text, path), path))


def _render(top: Table, path: str) -> Iterator[Service]:
    for service in top.tables("services"):
        if "docker" not in (service.text("runtime"), service.text("env")):
            continue
        root = inside("/", service.text("rootDir") or ".")
        context = inside(root, service.text("dockerContext") or ".") if root else None
        dockerfile = inside(root, service.text("dockerfilePath") or "Dockerfile") if root else None
        if context is None or dockerfile is None:
            continue
        name = service.text("name") or "?"
        variables = ((one.text("key"), one.text("value")) for one in service.tables("envVars"))
        environment = tuple((key, value) for key, value in variables if key and value is not None)
        place = service.places.get("dockerCommand") or service.places.get("name") or Location(path)
        build = Build(context, dockerfile)
        yield Service(
            f"service {name}", path, place, build, (), None, _in_shell(service, "dockerCommand"), environment
        )
        before = _in_shell(service, "preDeployCommand")
        if before is not None:
            place = service.places["preDeployCommand"]
            yield Service(f"pre-deploy of {name}", path, place, build, (), (), before, environment)


def services_of_heroku(text: str, path: str) -> tuple[Service, ...]:
    """The processes of a heroku.yml; the build context is the Dockerfile's folder. Raises ParityError."""
    return tuple(_heroku(document(text, path), path))


def _heroku(top: Table, path: str) -> Iterator[Service]:
    built = top.table("build", "docker")
    args = tuple(
        (key, value) for key, value in top.table("build", "config").entries.items() if isinstance(value, str)
    )
    builds: dict[str, Build] = {}
    for process, value in built.entries.items():
        file = value.text("dockerfile") if isinstance(value, Table) else value
        target = value.text("target") if isinstance(value, Table) else None
        dockerfile = inside(folder_of("/" + path), file) if isinstance(file, str) else None
        if dockerfile is not None:
            builds[process] = Build(folder_of(dockerfile), dockerfile, target, args)
    run = top.table("run")
    for process in dict.fromkeys((*builds, *run.entries)):
        said = run.get(process)
        image = (said.text("image") if isinstance(said, Table) else None) or process
        build = builds.get(image) or next(iter(builds.values()), None)
        if build is not None:
            place = run.places.get(process) or built.places.get(process) or Location(path)
            yield Service(f"process {process}", path, place, build, (), None, _run(said))
    release = top.table("release")
    build = builds.get(release.text("image") or "") or next(iter(builds.values()), None)
    if build is not None and release.get("command") is not None:
        place = release.places["command"]
        yield Service("release", path, place, build, (), None, _run(release))


def _run(said: Value) -> tuple[str, ...] | None:
    """Heroku runs what `run` says in a shell."""
    command = said.get("command") if isinstance(said, Table) else said
    if isinstance(command, tuple):
        command = " ".join(word for word in command if isinstance(word, str))
    return (*_SHELL, command) if isinstance(command, str) and command else None


def _in_shell(service: Table, key: str) -> tuple[str, ...] | None:
    command = service.text(key)
    return (*_SHELL, command) if command else None
