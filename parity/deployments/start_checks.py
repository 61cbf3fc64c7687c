"""Which lines of workflows and scripts try an image before it is used?

A check by this tool; `docker run` of the image; `docker compose up`, `run` or `exec` of a service.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator

from msgspec import Struct

from parity.deployments.calls import Call
from parity.deployments.files import CheckoutFiles
from parity.deployments.paths import read_text
from parity.deployments.registry import FORMATS
from parity.deployments.service import Service, same_image
from parity.model.location import Location

_OWN = re.compile(r"(?:^|[\s;&|'\"(])(?:\S*/)?parity\s+(?:check|smoke|verify)\b|\buses:\s*['\"]?\S*/parity@")
_CI = re.compile(r"(?:^|/)(?:\.github/workflows/|\.gitlab-ci\.yml$)")
_VALUED = frozenset(
    "-e --env --env-file -v --volume --mount -p --publish --name --network --net -w --workdir -u --user --entrypoint "
    "--platform -m --memory --cpus -l --label --add-host --pull --cidfile -h --hostname --tmpfs --restart --link "
    "--device --cap-add --cap-drop --security-opt --shm-size --ulimit --gpus --ipc --pid --log-driver --log-opt "
    "--expose --dns --ip --stop-timeout --volumes-from -f --file --profile --project-name --project-directory".split()
)
"""Options of docker run and docker compose that take the next word as their value."""
COMPOSED = ("up", "run", "exec")


class StartCheck(Struct, frozen=True):
    """`image`: the one that is tried, "" where it is any; `services`: those of compose, None where it is none of these.

    A name that only the script's run knows begins with `$`.
    """

    location: Location
    image: str = ""
    services: tuple[str, ...] | None = None

    def tries(self, images: Iterable[str], services: Container[str]) -> bool:
        """Is it of an image with one of these names, or of one of these services?"""
        if self.services is not None:
            named = [name for name in self.services if not name.startswith("$")]
            return any(name in services for name in named) if named else True
        return not self.image or self.image.startswith("$") or any(same_image(self.image, n) for n in images)


def start_checks(files: CheckoutFiles) -> Iterator[StartCheck]:
    """Those of workflows and scripts; a call of Docker counts where it is part of continuous integration."""
    for name in ("workflows", "scripts"):
        for path in files.of(FORMATS[name]):
            text = read_text(files.tree, path)
            if text is not None and "parity" in text:
                yield from own_checks(text, path[1:])
    yield from checks_in(call for call in files.calls if _CI.search(call.location.path))


def own_checks(text: str, path: str) -> Iterator[StartCheck]:
    """Where a workflow or a script calls this tool."""
    for number, line in enumerate(text.splitlines(), 1):
        if _OWN.search(line) and not line.lstrip().startswith("#"):
            yield StartCheck(Location(path, number))


def checks_in(calls: Iterable[Call]) -> Iterator[StartCheck]:
    """The calls of Docker that start a container."""
    for call in calls:
        words = list(call.words[1:])
        composed = call.words[0].endswith("docker-compose") or words[:1] == ["compose"]
        if words[:1] in (["compose"], ["container"]):
            words = words[1:]
        operands = tuple(_operands(words))
        if composed and operands and operands[0] in COMPOSED:
            services = operands[1:] if operands[0] == "up" else operands[1:2]
            yield StartCheck(call.location, services=services)
        elif not composed and operands[:1] == ("run",) and len(operands) > 1:
            yield StartCheck(call.location, image=operands[1])


def made_of(dockerfile: str, builders: Iterable[Service]) -> tuple[Service, ...]:
    """The services and builds of a Dockerfile (a checkout path)."""
    return tuple(one for one in builders if one.build is not None and one.build.dockerfile == dockerfile)


def names_of(
    dockerfile: str, service: Service | None, builders: Iterable[Service]
) -> tuple[set[str], set[str]]:
    """The names of the image of a Dockerfile (a checkout path), and of the services that are made of it."""
    known = [*made_of(dockerfile, builders), *([service] if service is not None else [])]
    return {name for one in known for name in one.images}, {one.name for one in known}


def _operands(words: list[str]) -> Iterator[str]:
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word in _VALUED:
            at += 1
        elif not word.startswith("-"):
            yield word
