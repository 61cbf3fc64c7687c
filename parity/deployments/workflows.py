"""Images that GitHub workflows build: the steps of docker/build-push-action, and `docker build` in `run:` steps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice, product
from typing import TYPE_CHECKING

from parity.deployments.calls import Call, builds_in_calls, calls_in
from parity.deployments.format import Format, Gives
from parity.deployments.paths import inside
from parity.deployments.service import Build, Service, without_tag
from parity.deployments.yaml_file import Table, document
from parity.model.location import Location
from parity.tree.base import FileTree
from parity.tree.links import is_file

if TYPE_CHECKING:
    from parity.deployments.files import CheckoutFiles

WORKFLOW = r".+\.ya?ml"
FORMAT = Format(gives=Gives.BUILDS, files=WORKFLOW, folder="/.github/workflows/", owns=WORKFLOW)
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_MOST_JOBS = 50
"""Jobs that a matrix makes."""


def services(files: CheckoutFiles) -> Iterator[Service]:
    """Those of all steps that use an action, and then those of `run:` steps."""
    yield from files.each(FORMAT, partial(services_of_workflow, tree=files.tree))
    yield from builds_in_calls(files.workflow_calls, files.tree)


def services_of_workflow(text: str, path: str, tree: FileTree) -> tuple[Service, ...]:
    """The images that the jobs of a workflow build. Raises ParityError for what is no YAML."""
    found: dict[object, Service] = {}
    jobs = document(text, path).table("jobs")
    for name, job in jobs.entries.items():
        if not isinstance(job, Table):
            continue
        for matrix in _matrices(job.table("strategy", "matrix")):
            for step in job.tables("steps"):
                location = step.places.get("uses") or step.places.get("run") or Location(path)
                for service in _built(name, path, location, step, matrix, tree):
                    found.setdefault((service.build, service.images), service)
    return tuple(found.values())


def calls_of_workflow(text: str, path: str) -> tuple[Call, ...]:
    """The calls of Docker in its `run:` steps. Raises ParityError for what is no YAML."""
    found: list[Call] = []
    for job in document(text, path).table("jobs").entries.values():
        if not isinstance(job, Table):
            continue
        for step in job.tables("steps"):
            script = step.text("run")
            folder = step.text("working-directory") or job.text("defaults", "run", "working-directory") or "."
            place = step.places.get("run", Location(path))
            start = inside("/", folder)
            if script is not None and start is not None:
                found += calls_in(script, path, start, place.line)
    return tuple(found)


def _built(
    job: str, path: str, location: Location, step: Table, matrix: Mapping[str, str], tree: FileTree
) -> Iterator[Service]:
    uses = step.text("uses") or ""
    if not re.match(r"docker/build-push-action@", uses):
        return
    said = {name: _filled(value, matrix) for name, value in step.table("with").entries.items()}
    if None in (said.get("context", "."), said.get("file", ".")):
        return
    context = said.get("context", ".")
    file = said.get("file")
    if context in (None, "") or "{{defaultContext}}" in (context or ""):
        _, _, below = (context or "").partition(":")
        context = below or "."
    folder = inside("/", context) if context and "${{" not in context else None
    if folder is None:
        return
    dockerfile = inside("/", file) if file else inside(folder, "Dockerfile")
    if dockerfile is None or not is_file(tree, dockerfile):
        return
    pairs = (line.strip().partition("=") for line in (said.get("build-args") or "").splitlines())
    args = tuple((name, value) for name, equals, value in pairs if equals and "${{" not in value)
    contexts = (line.strip().partition("=") for line in (said.get("build-contexts") or "").splitlines())
    named = (
        (name.lower(), inside("/", place)) for name, equals, place in contexts if equals and ":" not in place
    )
    tags = re.split(r"[\n,]", said.get("tags") or "")
    yield Service(
        name=f"job {job}",
        file=path,
        location=location,
        build=Build(
            folder,
            dockerfile,
            said.get("target") or None,
            args,
            tuple((name, place) for name, place in named if place is not None),
        ),
        images=tuple(
            dict.fromkeys(
                name for tag in tags if tag.strip() and "$" not in (name := without_tag(tag.strip()))
            )
        ),
    )


def _filled(value: object, matrix: Mapping[str, str]) -> str | None:
    """The text with the values of the matrix; None where another expression stands in it, but for tags."""
    if not isinstance(value, str):
        return None
    text = _EXPRESSION.sub(lambda found: matrix.get(found[1].removeprefix("matrix."), found[0]), value)
    text = text.replace("${{ github.workspace }}", ".").replace("${{github.workspace}}", ".")
    lines = [line for line in text.splitlines() if "${{" not in line or ":" in line or "=" in line]
    return "\n".join(lines) if lines else None


def _matrices(matrix: Table) -> Iterator[Mapping[str, str]]:
    """The combinations of a matrix's lists, and the entries of `include`."""
    axes = {
        name: [item for item in matrix.items(name) if isinstance(item, str | Table)]
        for name in matrix.entries
        if name not in ("include", "exclude")
    }
    axes = {name: values for name, values in axes.items() if values}
    if axes:
        for combination in islice(product(*axes.values()), _MOST_JOBS):
            found: dict[str, str] = {}
            for name, value in zip(axes, combination, strict=True):
                found |= _named(name, value)
            yield found
    for entry in islice(matrix.tables("include"), _MOST_JOBS):
        yield {name: value for name, value in entry.entries.items() if isinstance(value, str)}
    if not axes and not matrix.items("include"):
        yield {}


def _named(name: str, value: object) -> dict[str, str]:
    if isinstance(value, Table):
        return {f"{name}.{key}": one for key, one in value.entries.items() if isinstance(one, str)}
    return {name: str(value)}
