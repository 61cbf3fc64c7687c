"""ECS task definitions: JSON files whose containers start an image (AWS: Task definition parameters)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from parity.deployments.files import CheckoutFiles
from parity.deployments.format import Format, Gives
from parity.deployments.service import Service
from parity.model.location import Location

FORMAT = Format(gives=Gives.STARTS, files=r".*task.*\.json|.*ecs.*\.json", signs=('"containerDefinitions"',))


def services(files: CheckoutFiles) -> Iterator[Service]:
    return files.each(FORMAT, _services)


def _services(text: str, path: str) -> Iterator[Service]:
    """A start for each container; `path` is relative to the checkout's root. Nothing for another JSON file."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return
    if isinstance(said, dict) and isinstance(said.get("taskDefinition"), dict):
        said = said["taskDefinition"]
    containers = said.get("containerDefinitions") if isinstance(said, dict) else None
    for container in containers if isinstance(containers, list) else ():
        if not isinstance(container, dict) or not isinstance(container.get("image"), str):
            continue
        name, folder, user = (container.get(key) for key in ("name", "workingDirectory", "user"))
        place = _place(text, path, container)
        yield Service(
            name=f"container {name}",
            file=path,
            location=place,
            images=(container["image"],),
            entrypoint=_words(container, "entryPoint"),
            command=_words(container, "command"),
            environment=tuple(_environment(container)),
            working_directory=folder if isinstance(folder, str) else None,
            user=user if isinstance(user, str) else None,
            health_at=place if isinstance(container.get("healthCheck"), dict) else None,
        )


def _words(container: Mapping[str, object], key: str) -> tuple[str, ...] | None:
    value = container.get(key)
    if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
        return None
    return tuple(value)


def _environment(container: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    said = container.get("environment")
    for one in said if isinstance(said, list) else ():
        if isinstance(one, dict) and isinstance(one.get("name"), str) and isinstance(one.get("value"), str):
            yield one["name"], one["value"]


def _place(text: str, path: str, container: Mapping[str, object]) -> Location:
    at = text.find(json.dumps(container["image"]))
    return Location(path, text.count("\n", 0, at) + 1 if at >= 0 else 1)
