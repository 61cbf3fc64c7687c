"""Which services does a compose file build, and how does it start them?"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

import yaml
from msgspec import Struct
from msgspec.structs import replace

from parity.build.evaluate import ImageConfig
from parity.model.errors import ParityError
from parity.model.location import Location

_DEEPEST, _MOST_SOURCES = 4, 8  # of `<<`: a file may repeat itself without end
_VARIABLE = re.compile(r"\$(?:\$|(\w+)|\{(\w+)(?:(:?[-+?])([^{}]*))?\})")


class Service(Struct, frozen=True):
    """A service that is built from a Dockerfile.

    `context` and `dockerfile` as written: relative to the compose file's folder, and to the context. `image` is the
    name that the build gets. `entrypoint` and `command` override the image's; None: they do not. `mounted`: image
    paths that a bind mount covers. `usual`: of a file that compose takes unasked.
    """

    name: str
    context: str
    dockerfile: str
    target: str | None
    build_args: tuple[tuple[str, str], ...]
    image: str | None
    entrypoint: tuple[str, ...] | None
    command: tuple[str, ...] | None
    environment: tuple[tuple[str, str], ...]
    working_directory: str | None
    mounted: tuple[str, ...]
    location: Location
    usual: bool = True

    def builds(self, reference: str, project: str) -> bool:
        """Is this the image that the service builds? Compose names it `project-service` where nobody does."""
        if self.image is not None:
            return reference.removesuffix(":latest") == self.image.removesuffix(":latest")
        return reference.removesuffix(":latest") == f"{project.lower()}-{self.name}"


def services_of(text: str, path: str) -> tuple[Service, ...]:
    """The services of a compose file that are built. Raises ParityError for what is no YAML.

    A value that depends on a variable without a default is left out: only the shell that calls compose knows it. So
    is a service that names what it builds by such a variable.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        services = _child(root, "services")
        keys = services.value if isinstance(services, yaml.MappingNode) else []
        places = {
            key.value: Location(path, key.start_mark.line + 1, key.start_mark.column + 1)
            for key, _ in keys
            if isinstance(key, yaml.ScalarNode)
        }
        found = [
            _service(name, node, places[name]) for name, node in _entries(services).items() if name in places
        ]
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", -1) + 1
        raise ParityError("is no valid YAML", Location(path, line)) from None
    return tuple(service for service in found if service is not None)


def started_by(service: Service, config: ImageConfig) -> ImageConfig:
    """How the service starts an image of this configuration.

    A service with mounts is how developers run it, and one of another file is one way of several: they only tell
    what an image does whose Dockerfile has no command, or only a shell.
    """
    own = config.cmd_at or (config.entrypoint_at and not service.command)
    if (service.mounted or not service.usual) and own and not _only_waits(config):
        return config
    if service.entrypoint is not None:  # compose specification: it also clears the image's command
        config = replace(config, entrypoint=service.entrypoint, cmd=None, entrypoint_at=service.location)
    if service.command is not None:
        config = replace(config, cmd=service.command, cmd_at=service.location)
    return replace(
        config,
        environment={**config.environment, **dict(service.environment)},
        working_directory=service.working_directory or config.working_directory,
        written_directory=service.working_directory or config.written_directory,
    )


def _only_waits(config: ImageConfig) -> bool:
    """`CMD ["bash"]`: what is to be run is said elsewhere."""
    argv = (*(config.entrypoint or ()), *(config.cmd or ()))
    words = argv[2:] if argv[:2] == ("/bin/sh", "-c") else argv
    return len(words) == 1 and words[0].rpartition("/")[2] in ("sh", "bash", "ash", "zsh")


def _service(name: str, node: yaml.Node, location: Location) -> Service | None:
    keys = _entries(node)
    build = keys.get("build")
    if build is None:
        return None
    settings = _entries(build) or {"context": build}
    told = {key: _text(settings[key]) for key in ("context", "dockerfile", "target") if key in settings}
    context = told.get("context", ".")
    if None in told.values() or context is None or "dockerfile_inline" in settings:
        return None
    if "://" in context or context.startswith("git@"):
        return None
    return Service(
        name,
        context,
        told.get("dockerfile") or "Dockerfile",
        told.get("target") or None,
        tuple(_pairs(settings.get("args"))),
        _text(keys.get("image")),
        _command(keys.get("entrypoint")),
        _command(keys.get("command")),
        tuple(_pairs(keys.get("environment"))),
        _text(keys.get("working_dir")),
        tuple(_mounted(keys.get("volumes"))),
        location,
    )


def _child(node: yaml.Node | None, name: str) -> yaml.Node | None:
    return _entries(node).get(name)


def _entries(node: yaml.Node | None, depth: int = 0) -> Mapping[str, yaml.Node]:
    """The keys of a mapping, `<<` merged in: its own come first."""
    if not isinstance(node, yaml.MappingNode) or depth > _DEEPEST:
        return {}
    own: dict[str, yaml.Node] = {}
    merged: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if key.value == "<<":
            sources = value.value[:_MOST_SOURCES] if isinstance(value, yaml.SequenceNode) else [value]
            for source in sources:
                merged = {**_entries(source, depth + 1), **merged}
        elif isinstance(key, yaml.ScalarNode):
            own[key.value] = value
    return {**merged, **own}


def _text(node: yaml.Node | None) -> str | None:
    if not isinstance(node, yaml.ScalarNode) or node.tag == "tag:yaml.org,2002:null":
        return None
    return interpolated(str(node.value))


def interpolated(text: str) -> str | None:
    """Compose's variables, none of which is set: their defaults, or None where there is none."""
    known = True

    def value(found: re.Match[str]) -> str:
        nonlocal known
        if found[0] == "$$":
            return "$"
        if found[3] in ("-", ":-"):
            return str(found[4])
        known = known and found[3] in ("+", ":+")
        return ""

    done = _VARIABLE.sub(value, text)
    return done if known else None


def _items(node: yaml.Node | None) -> Iterator[str]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            text = _text(item)
            if text is not None:
                yield text


def _command(node: yaml.Node | None) -> tuple[str, ...] | None:
    """Compose splits a text as a shell would, and runs no shell."""
    if isinstance(node, yaml.SequenceNode):
        words = tuple(_items(node))
        return words if len(words) == len(node.value) else None
    text = _text(node)
    try:
        return tuple(shlex.split(text)) if text is not None else None
    except ValueError:
        return None


def _pairs(node: yaml.Node | None) -> Iterator[tuple[str, str]]:
    """`NAME: value`, or a list of `NAME=value`; a name without a value comes from the shell."""
    for name, value in _entries(node).items():
        text = _text(value)
        if text is not None:
            yield name, text
    for item in _items(node):
        name, equals, value_text = item.partition("=")
        if equals:
            yield name, value_text


def _mounted(node: yaml.Node | None) -> Iterator[str]:
    if not isinstance(node, yaml.SequenceNode):
        return
    for item in node.value:
        short = _text(item)
        if short is not None:
            source, colon, rest = short.partition(":")
            if colon and source.startswith((".", "/", "~")):
                yield rest.partition(":")[0]
        elif _text(_child(item, "type")) == "bind":
            target = _text(_child(item, "target"))
            if target:
                yield target
