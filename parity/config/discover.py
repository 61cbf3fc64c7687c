"""Which images does a folder build? Its Dockerfiles, and the context of each."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from parity.config.dockerfiles import MOST_ENTRIES, find_dockerfiles, likely_context
from parity.config.load import Configuration, Keys, load
from parity.config.services import services_below
from parity.config.settings import BaseSettings, ImageSettings, Settings
from parity.config.sound import is_command, is_platform, is_version
from parity.model.errors import ParityError
from parity.model.location import Location

if TYPE_CHECKING:
    from parity.deployments.compose import Service


class Asked(Struct, frozen=True):
    """The options as typed."""

    dockerfiles: tuple[str, ...] = ()
    context: str | None = None
    target: str | None = None
    build_args: tuple[str, ...] = ()
    build_contexts: tuple[str, ...] = ()
    entrypoint: str | None = None
    python: str | None = None
    platform: str | None = None
    config: Path | None = None
    python_environment: Path | None = None


def discover(
    path: Path, asked: Asked, *, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()
) -> Settings:
    """The options before the configuration, the configuration before what is found.

    Raises ParityError where there is no Dockerfile, or where one of them names what is not there.
    """
    root = _root(path)
    configuration = load(root, asked.config)
    _sound(asked)
    wanted, note = _images(root, asked, configuration)
    if not wanted:
        left_out = bool(configuration.top.words("exclude")) and bool(find_dockerfiles(root).names)
        raise ParityError(
            f"no Dockerfile below {path}" + (" that exclude leaves" if left_out else ""),
            Location(configuration.file) if left_out else None,
            hint="mend exclude, or name the Dockerfile with -f FILE"
            if left_out
            else "name it with -f FILE, or give the repository's folder as PATH",
        )
    build_args = tuple(_pair(pair, "--build-arg", os.environ.get(pair)) for pair in asked.build_args)
    contexts = tuple(_pair(pair, "--build-context", None) for pair in asked.build_contexts)
    images = tuple(_image(root, keys, asked, build_args, contexts) for keys in wanted)
    if not asked.dockerfiles and not configuration.images:
        images = tuple(
            _served(images, asked, services_below(root, [image.dockerfile[1:] for image in images]))
        )
    top = configuration.top
    return Settings(
        root,
        images,
        select or top.words("select"),
        (*ignore, *top.words("ignore")),
        tuple(_base(name, keys) for name, keys in configuration.bases.items()),
        top.text("fail-on") or "error",
        top.text("baseline"),
        note,
        _environment(root, asked.python_environment, top.text("python-environment")),
        top.pairs("imports"),
    )


def _sound(asked: Asked) -> None:
    """Raises ParityError for an option whose value means nothing."""
    if asked.python is not None and not is_version(asked.python):
        raise ParityError(f"--python {asked.python!r} is no version of Python 3", hint="write it like 3.12")
    if asked.platform is not None and not is_platform(asked.platform):
        raise ParityError(f"--platform {asked.platform!r} is no platform", hint="write it like linux/amd64")
    if asked.entrypoint is not None and not is_command(asked.entrypoint):
        raise ParityError(
            f"--entrypoint {asked.entrypoint!r} is no command",
            hint="write it like 'uvicorn shop.api:app', in one pair of quotes",
        )


def _environment(root: Path, asked: Path | None, told: str | None) -> Path | None:
    if asked is None and told is None:
        return None
    folder = asked if asked is not None else root / (told or "")
    if not (folder / "pyvenv.cfg").is_file():
        raise ParityError(
            f"{folder} is no virtual environment",
            hint="name the folder that has pyvenv.cfg in it, like .venv",
        )
    return folder


def _images(root: Path, asked: Asked, configuration: Configuration) -> tuple[tuple[Keys, ...], str]:
    """What is said of each image to check; and what the user should know of the search."""
    declared = configuration.images
    if asked.dockerfiles:
        names = tuple(_named(root, name) for name in asked.dockerfiles)
        said = {name: [keys for keys in declared if keys.text("dockerfile") == name] for name in names}
        return tuple(keys for name in names for keys in said[name] or [Keys({"dockerfile": name})]), ""
    if declared:
        return declared, ""
    found = find_dockerfiles(root)
    note = f"Dockerfiles behind the first {MOST_ENTRIES} files are not looked for: use -f"
    wanted = _without(configuration.top.words("exclude"), found.names)
    return tuple(Keys({"dockerfile": name}) for name in wanted), "" if found.all_seen else note


def _without(patterns: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    if not patterns:
        return names
    from pathspec import GitIgnoreSpec

    excluded = GitIgnoreSpec.from_lines(patterns)
    return tuple(name for name in names if not excluded.match_file(name))


def _image(
    root: Path,
    keys: Keys,
    asked: Asked,
    build_args: tuple[tuple[str, str], ...],
    contexts: tuple[tuple[str, str], ...],
) -> ImageSettings:
    name = _named(root, keys.text("dockerfile") or "")
    folders = (*keys.pairs("build-contexts"), *contexts)
    context = asked.context or keys.text("context")
    start = keys.text("entrypoint") or (shlex.join(keys.words("entrypoint")) or None)
    return ImageSettings(
        dockerfile="/" + name,
        context=_folder(root, context) if context else likely_context(root, name),
        target=asked.target or keys.text("target"),
        build_args=(*keys.pairs("build-args"), *build_args),
        build_contexts=tuple((key.lower(), _folder(root, value)) for key, value in folders),
        entrypoint=asked.entrypoint or start,
        python=asked.python or keys.text("python"),
        platform=asked.platform or keys.text("platform") or "linux/amd64",
        ignore=keys.words("ignore"),
    )


def _served(
    images: tuple[ImageSettings, ...], asked: Asked, services: tuple[Service, ...]
) -> Iterator[ImageSettings]:
    """One image for each way in which a compose service builds and starts it, or as it is where none does."""
    for image in images:
        ways: dict[object, ImageSettings] = {}
        for service in services:
            if service.dockerfile == image.dockerfile:
                way = replace(
                    image,
                    context=image.context if asked.context else service.context,
                    target=image.target or service.target,
                    build_args=(*service.build_args, *image.build_args),
                    service=service,
                )
                start = (service.entrypoint, service.command, service.environment, service.mounted)
                ways.setdefault((way.context, way.target, way.build_args, start), way)
        yield from ways.values() or (image,)


def _base(name: str, keys: Keys) -> BaseSettings:
    return BaseSettings(
        name,
        keys.text("like"),
        keys.text("python"),
        keys.text("workdir"),
        keys.pairs("env"),
        keys.text("user"),
        keys.words("entrypoint") or None,
        keys.words("cmd") or None,
    )


def _root(path: Path) -> Path:
    if path.is_dir():
        return path.resolve()
    if path.exists():
        hint = f"give its folder as PATH: {path.parent} -f {path.name}"
        raise ParityError(f"{path} is a file, and PATH names a folder", hint=hint)
    raise ParityError(f"there is no folder {path}")


def _named(root: Path, name: str) -> str:
    place = _place(root, name)
    if place.is_dir():
        raise ParityError(f"-f {name} is a folder", hint=f"did you mean -f {name.rstrip('/')}/Dockerfile?")
    if not place.is_file():
        if (root / name).is_symlink():
            raise ParityError(f"the Dockerfile {name} is a link that leads nowhere", hint="mend the link")
        near = get_close_matches(name, [n for n in find_dockerfiles(root).names if n != name], 1, 0.4)
        raise ParityError(f"there is no Dockerfile {name}", hint=f"did you mean {near[0]}?" if near else "")
    return _below(root, place, f"the Dockerfile {name}")


def _folder(root: Path, name: str) -> str:
    """The folder as a checkout path."""
    place = _place(root, name)
    if not place.is_dir():
        raise ParityError(f"there is no folder {name}", hint="folders are relative to PATH")
    relative = _below(root, place, f"the build context {name}")
    return "/" if relative == "." else "/" + relative


def _place(root: Path, name: str) -> Path:
    try:
        return (root / name).resolve()
    except (OSError, RuntimeError):  # a link that leads to itself
        return root / name


def _below(root: Path, place: Path, what: str) -> str:
    try:
        return place.relative_to(root).as_posix()
    except ValueError:
        both = os.path.relpath(os.path.commonpath((root, place)))
        raise ParityError(
            f"{what} is outside of PATH",
            hint=f"PATH must hold Dockerfile and build context: give {both} as PATH, "
            "and -f and --context relative to it",
        ) from None


def _pair(text: str, option: str, default: str | None) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or (not equals and option == "--build-context"):
        raise ParityError(
            f"{option} {text!r} is not of the form NAME=VALUE",
            hint="write it as for docker build",
        )
    return name, value if equals else default or ""
