"""Which images does a folder build? Its Dockerfiles, and the context of each."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from parity.config.dockerfiles import MOST_ENTRIES, find_dockerfiles, likely_context
from parity.config.load import Configuration, Keys, load
from parity.config.services import services_below
from parity.config.settings import BaseSettings, ImageSettings, Settings
from parity.model.errors import ParityError
from parity.model.version import PythonVersion

if TYPE_CHECKING:
    from parity.docker.compose import Service


@dataclass(frozen=True, slots=True)
class Asked:
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
    if asked.python is not None and PythonVersion.parse(asked.python) is None:
        raise ParityError(f"--python {asked.python!r} is no version", hint="write it like 3.12")
    wanted, note = _images(root, asked, configuration)
    if not wanted:
        raise ParityError(
            f"no Dockerfile below {path}",
            hint="name it with -f FILE, or give the repository's folder as PATH",
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
        hint = f"say: parity check {path.parent} -f {path.name}"
        raise ParityError(f"{path} is a file, and PATH names a folder", hint=hint)
    raise ParityError(f"there is no folder {path}")


def _named(root: Path, name: str) -> str:
    place = (root / name).resolve()
    if place.is_dir():
        raise ParityError(f"-f {name} is a folder", hint=f"did you mean -f {name.rstrip('/')}/Dockerfile?")
    if not place.is_file():
        near = get_close_matches(name, find_dockerfiles(root).names, 1, 0.4)
        raise ParityError(f"there is no Dockerfile {name}", hint=f"did you mean {near[0]}?" if near else "")
    try:
        return place.relative_to(root).as_posix()
    except ValueError:
        raise ParityError(
            f"the Dockerfile {name} is outside of PATH", hint="give the folder that holds both as PATH"
        ) from None


def _folder(root: Path, name: str) -> str:
    """The folder as a checkout path."""
    place = (root / name).resolve()
    if not place.is_dir():
        raise ParityError(f"there is no folder {name}")
    try:
        relative = place.relative_to(root).as_posix()
    except ValueError:
        raise ParityError(
            f"the build context {name} is outside of PATH", hint="give the folder that holds both as PATH"
        ) from None
    return "/" if relative == "." else "/" + relative


def _pair(text: str, option: str, default: str | None) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or (not equals and option == "--build-context"):
        raise ParityError(f"{option} {text!r} is not of the form NAME=VALUE")
    return name, value if equals else default or ""
