"""docker-bake.json and docker-bake.hcl: the targets that `docker buildx bake` builds (buildx: Bake file reference)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from parity.deployments.files import CheckoutFiles
from parity.deployments.format import Format, Gives
from parity.deployments.hcl import Value, read_hcl, with_variables
from parity.deployments.paths import folder_of, inside
from parity.deployments.service import Build, Service
from parity.model.errors import ParityError
from parity.model.location import Location

BAKE = r"docker-bake(?:\.[\w-]+)*\.(?:json|hcl)"
FORMAT = Format(gives=Gives.STARTS, files=BAKE, owns=BAKE)
_DEEPEST = 8


def services(files: CheckoutFiles) -> Iterator[Service]:
    return files.each(FORMAT, services_of_bake)


def services_of_bake(text: str, path: str) -> Iterator[Service]:
    """One build for each target, what it inherits merged in. Paths are relative to the file's folder."""
    try:
        said = _with_defaults(read_hcl(text)) if path.endswith(".hcl") else json.loads(text)
    except (ValueError, RecursionError, ParityError):
        return
    targets = said.get("target") if isinstance(said, dict) else None
    if not isinstance(targets, dict):
        return
    folder = folder_of("/" + path)
    for name in targets:
        keys = _inherited(targets, name)
        context = inside(folder, _text(keys, "context") or ".")
        if context is None:
            continue
        inline = _text(keys, "dockerfile-inline")
        dockerfile = inside(context, _text(keys, "dockerfile") or "Dockerfile")
        if inline is not None:
            dockerfile = f"/{path}: dockerfile-inline of {name}"
        if dockerfile is None or "${" in f"{context}{dockerfile}":
            continue
        contexts = (
            (key.lower(), inside(folder, place))
            for key, place in _pairs(keys, "contexts")
            if ":" not in place and "${" not in place
        )
        tags = keys.get("tags")
        yield Service(
            name=f"target {name}",
            file=path,
            location=_place(text, path, name),
            build=Build(
                context,
                dockerfile,
                _text(keys, "target"),
                tuple((key, value) for key, value in _pairs(keys, "args") if "${" not in value),
                tuple((key, place) for key, place in contexts if place is not None),
                inline,
            ),
            images=tuple(
                tag
                for tag in (tags if isinstance(tags, list) else ())
                if isinstance(tag, str) and "${" not in tag
            ),
        )


def _with_defaults(said: dict[str, Value]) -> Value:
    """`${TAG}` is the default of `variable "TAG"`."""
    variables = said.get("variable")
    defaults = {
        name: one["default"]
        for name, one in (variables.items() if isinstance(variables, dict) else ())
        if isinstance(one, dict) and isinstance(one.get("default"), str)
    }
    return with_variables(said, {name: str(default) for name, default in defaults.items()})


def _inherited(targets: Mapping[str, object], name: str, depth: int = 0) -> dict[str, object]:
    keys = targets.get(name)
    if not isinstance(keys, dict) or depth > _DEEPEST:
        return {}
    merged: dict[str, object] = {}
    inherits = keys.get("inherits")
    for base in (inherits if isinstance(inherits, list) else ())[:_DEEPEST]:
        merged |= _inherited(targets, str(base), depth + 1)
    return {**merged, **keys}


def _text(keys: Mapping[str, object], name: str) -> str | None:
    value = keys.get(name)
    return value if isinstance(value, str) else None


def _pairs(keys: Mapping[str, object], name: str) -> tuple[tuple[str, str], ...]:
    value = keys.get(name)
    return tuple((k, v) for k, v in value.items() if isinstance(v, str)) if isinstance(value, dict) else ()


def _place(text: str, path: str, name: str) -> Location:
    at = text.find(json.dumps(name))
    return Location(path, text.count("\n", 0, at) + 1 if at >= 0 else 1)
