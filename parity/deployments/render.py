"""render.yaml: the services of a blueprint whose runtime is Docker (Render: Blueprint specification)."""

from __future__ import annotations

from collections.abc import Iterator

from parity.deployments.files import CheckoutFiles
from parity.deployments.format import Format, Gives
from parity.deployments.paths import inside
from parity.deployments.service import Build, Service
from parity.deployments.yaml_file import Table, document
from parity.model.location import Location
from parity.tree.links import is_file

FORMAT = Format(gives=Gives.STARTS, files=r"render\.ya?ml", owns=r"render\.ya?ml")
_SHELL = ("/bin/sh", "-c")


def services(files: CheckoutFiles) -> Iterator[Service]:
    """Those whose Dockerfile is in the checkout."""
    for one in files.each(FORMAT, _services):
        if one.build is not None and is_file(files.tree, one.build.dockerfile):
            yield one


def _services(text: str, path: str) -> Iterator[Service]:
    for service in document(text, path).tables("services"):
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


def _in_shell(service: Table, key: str) -> tuple[str, ...] | None:
    command = service.text(key)
    return (*_SHELL, command) if command else None
