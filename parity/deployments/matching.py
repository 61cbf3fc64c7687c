"""Which images does a Dockerfile become: built how, started how, called what?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from parity.build.stages import find_parent, find_target
from parity.deployments.read import Deployments
from parity.deployments.service import AS_IT_IS, Build, Service, same_image, without_tag
from parity.deployments.start import only_waits
from parity.dockerfile.instructions import Cmd, Copy, Dockerfile, Entrypoint
from parity.model.errors import ParityError

PRODUCTION = frozenset("gunicorn uvicorn uwsgi waitress-serve daphne hypercorn granian".split())
FOR_EDITORS = ".devcontainer"
"""The folder of the image in which an editor works."""
NO_CODE = tuple(".txt .toml .lock .in .cfg .ini .sh .json .yml .yaml Pipfile -version".split())


class Started(Struct, frozen=True):
    """An image, and one way to start it. `build` None: no file says how it is built. `service` None: as it is."""

    build: Build | None
    service: Service | None
    names: tuple[str, ...] = ()


def starts_of(
    dockerfile: str, parsed: Dockerfile | None, found: Deployments, called: Iterable[str]
) -> tuple[Started, ...]:
    """Each image that is built from the Dockerfile (a checkout path), in each way in which it is started.

    `parsed`: None where it cannot be read. `called`: names of images that can only mean this one. The last stage,
    started as it is, is among them unless a service deploys it in its own way.
    """
    services = [one for one in found.services if one.build is not None and one.build.dockerfile == dockerfile]
    builders = [one for one in found.builds if one.build is not None and one.build.dockerfile == dockerfile]
    first = services or [one for one in builders if one.file == builders[0].file]
    builds = tuple(dict.fromkeys(one.build for one in first if one.build is not None))
    last = [build for build in builds if _is_last(build.target, parsed)]
    whole = last[0] if last else replace(builds[0], target=None) if builds else None
    started = [Started(one.build, one, (one.label,)) for one in services]
    for one in found.services:
        if one.build is None and (build := _named(one, (*services, *builders), called, whole)) is not None:
            started.append(Started(build[0], one, (one.label,)))
    if not services:
        started += [Started(one.build, None, (one.label,)) for one in first]
    if not any(_deploys(one, parsed) for one in started):
        name = f"{dockerfile[1:]}: last stage"
        own = Started(whole, None, (name,) if builds and not last else ())
        if parsed is None or not last or (starts_itself(parsed) and not (services and holds_no_code(parsed))):
            started.append(own)
        if parsed is not None and not services and not starts_itself(parsed):
            started += [Started(whole, one, (one.label,)) for one in found.processes]
    return _distinct(started, parsed)


def main_of(dockerfiles: Iterable[str], found: Deployments) -> str | None:
    """The Dockerfile of the image that is called like the repository; None where nobody can tell.

    It is one that a workflow or a script builds, if one does, and none of those for editors.
    """
    every = [name for name in dockerfiles if FOR_EDITORS not in name.split("/")]
    built = {one.build.dockerfile for one in found.builds if one.build is not None}
    likely = [name for name in every if name in built] or every
    if len(likely) == 1:
        return likely[0]
    return next((name for name in likely if name == "/Dockerfile"), None)


def starts_itself(parsed: Dockerfile) -> bool:
    """Does the last stage, or one that it is made from, say what to run, other than a shell that waits?"""
    index: int | None = len(parsed.stages) - 1
    while index is not None and index >= 0:
        stage = parsed.stages[index]
        for instruction in reversed(stage.instructions):
            if isinstance(instruction, Cmd | Entrypoint):
                return not only_waits(_words(instruction))
        index = find_parent(parsed, stage.base.image, stage.index)
    return False


def _words(instruction: Cmd | Entrypoint) -> tuple[str, ...]:
    """Those of its command, whatever its form."""
    command = instruction.command
    return tuple(command.exec if command.exec is not None else (command.shell or "").split())


def holds_no_code(parsed: Dockerfile) -> bool:
    """Does no COPY bring more than declarations and scripts? Such an image is made for a mount of the checkout.

    One that starts a server for production is not: its COPY was forgotten.
    """
    words = {
        word.rpartition("/")[2]
        for instruction in parsed.stages[-1].instructions
        if isinstance(instruction, Cmd | Entrypoint)
        for word in _words(instruction)
    }
    if not PRODUCTION.isdisjoint(words) and "--reload" not in words:
        return False
    copied = [
        source
        for stage in parsed.stages
        for instruction in stage.instructions
        if isinstance(instruction, Copy) and instruction.flag("from") is None
        for source in instruction.sources
    ]
    return all(source.rstrip("*").endswith(NO_CODE) for source in copied)


def _deploys(started: Started, parsed: Dockerfile | None) -> bool:
    """Is it the last stage with nothing of the checkout laid over it, as it is or as the file that builds it says?"""
    if started.build is not None and not _is_last(started.build.target, parsed):
        return False
    service = started.service
    if service is None or service.shows_checkout:
        return service is None
    return service.build is not None or (service.entrypoint is None and service.command is None)


def _is_last(target: str | None, parsed: Dockerfile | None) -> bool:
    if target is None or parsed is None:
        return True
    try:
        return find_target(parsed, target) == len(parsed.stages) - 1
    except ParityError:
        return False


def _named(
    service: Service, built: Iterable[Service], called: Iterable[str], whole: Build | None
) -> tuple[Build | None] | None:
    """How the image that the service starts is built, if it is one of this Dockerfile."""
    for one in built:
        if any(same_image(name, mine) for name in service.images for mine in one.images):
            return (one.build,)
    for name in service.images:
        last = without_tag(name).rpartition("/")[2]
        if "/" in name and plain(last) in {plain(one) for one in called}:
            return (whole,)
    return None


def plain(name: str) -> str:
    """`My_App` and `my-app` are one name."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _distinct(started: Iterable[Started], parsed: Dockerfile | None) -> tuple[Started, ...]:
    """Equal images once, with all their names."""
    found: dict[object, Started] = {}
    for one in started:
        build = one.build
        target = None if build is None or _is_last(build.target, parsed) else build.target
        start = one.service.start if one.service is not None else AS_IT_IS
        key = (build and replace(build, target=target), start)
        before = found.get(key)
        if before is None:
            found[key] = one
        else:
            names = tuple(dict.fromkeys((*before.names, *one.names)))
            found[key] = Started(before.build, before.service or one.service, names)
    return tuple(found.values())
