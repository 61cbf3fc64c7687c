"""heroku.yml: the processes, whose build context is the Dockerfile's folder (Heroku: Building Docker Images)."""

from __future__ import annotations

from collections.abc import Iterator

from parity.deployments.files import CheckoutFiles
from parity.deployments.format import Format, Gives
from parity.deployments.paths import folder_of, inside
from parity.deployments.service import Build, Service
from parity.deployments.yaml_file import Table, Value, document
from parity.model.location import Location
from parity.tree.links import is_file

FORMAT = Format(gives=Gives.STARTS, files=r"heroku\.yml", owns=r"heroku\.yml")
_SHELL = ("/bin/sh", "-c")


def services(files: CheckoutFiles) -> Iterator[Service]:
    """Those whose Dockerfile is in the checkout."""
    for one in files.each(FORMAT, _services):
        if one.build is not None and is_file(files.tree, one.build.dockerfile):
            yield one


def _services(text: str, path: str) -> Iterator[Service]:
    top = document(text, path)
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
