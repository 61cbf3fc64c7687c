"""fly.toml: one image, started once for each of `[processes]` (Fly.io: App configuration)."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from functools import partial

from parity.deployments.files import CheckoutFiles
from parity.deployments.format import Format, Gives
from parity.deployments.paths import folder_of, inside
from parity.deployments.service import Build, Service
from parity.model.location import Location
from parity.tree.links import is_file
from parity.tree.toml import tables_of

FLY = r"fly(?:\.[\w-]+)*\.toml"
FORMAT = Format(gives=Gives.STARTS, files=FLY, owns=FLY)


def services(files: CheckoutFiles) -> Iterator[Service]:
    return files.each(FORMAT, partial(_services, files))


def _services(files: CheckoutFiles, text: str, path: str) -> tuple[Service, ...]:
    """The processes, the release command, and the image's own start where there are no processes.

    `path` is relative to the checkout's root. The build context is the folder of the file.
    """
    said = tables_of(text)
    if said is None:
        return ()
    folder = folder_of("/" + path)
    build = _table(said, "build")
    dockerfile = build.get("dockerfile", "Dockerfile")
    file = inside(folder, dockerfile) if isinstance(dockerfile, str) else None
    if "image" in build or "builder" in build or file is None or not is_file(files.tree, file):
        return ()
    target = build.get("build-target")
    made = Build(folder, file, target if isinstance(target, str) else None, _pairs(build, "args"))
    return tuple(
        Service(
            name=name,
            file=path,
            location=_place(text, path, key),
            build=made,
            entrypoint=_entrypoint(said),
            command=command,
            environment=_pairs(said, "env"),
        )
        for name, key, command in _starts(said)
    )


def _starts(said: Mapping[str, object]) -> Iterator[tuple[str, str, tuple[str, ...] | None]]:
    """Name, key in the file, and command (None: the image's own)."""
    commands = _pairs(said, "processes")
    release = _table(said, "deploy").get("release_command")
    if isinstance(release, str) and (words := _words(release)):
        yield "release command", "release_command", words
    own = _table(said, "experimental").get("cmd")
    for name, command in commands:
        yield f"process {name}", name, _words(command) or None
    if not commands:
        words = tuple(str(word) for word in own) if isinstance(own, list) else ()
        yield "app", "cmd", (_words(own) if isinstance(own, str) else words) or None


def _entrypoint(said: Mapping[str, object]) -> tuple[str, ...] | None:
    own = _table(said, "experimental").get("entrypoint")
    if isinstance(own, str):
        return _words(own) or None
    return tuple(str(word) for word in own) if isinstance(own, list) else None


def _words(command: str) -> tuple[str, ...]:
    """Fly.io splits the text as a shell would, and runs no shell."""
    try:
        return tuple(shlex.split(command))
    except ValueError:
        return ()


def _table(said: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = said.get(name)
    return value if isinstance(value, dict) else {}


def _pairs(said: Mapping[str, object], name: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (key, str(value)) for key, value in _table(said, name).items() if isinstance(value, str | int)
    )


def _place(text: str, path: str, key: str) -> Location:
    pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
    line = next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)
    return Location(path, line)
