"""Which images does a folder build? Its Dockerfiles, and the context of each."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from parity.config.dockerfiles import MOST_FOLDERS, Dockerfiles, find_dockerfiles, likely_context
from parity.config.load import Configuration, Keys, load
from parity.config.places import dockerfile_below, folder_below
from parity.config.services import services_below
from parity.config.settings import BaseSettings, ImageSettings, Settings
from parity.config.sound import is_command, is_platform, is_version
from parity.model.errors import ParityError
from parity.model.location import Location
from parity.model.report import ImageFailure, Note
from parity.tree.reader import is_file, is_folder, is_there

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

    Raises ParityError where there is no Dockerfile, or where an option names what is not there; what cannot be
    looked at of single images is among `refused`.
    """
    root = _root(path)
    configuration = load(root, asked.config)
    _sound(root, asked)
    wanted, search = _images(root, asked, configuration)
    if not wanted and not search.refused:
        raise _no_image(path, root, configuration, search)
    build_args = tuple(_pair(pair, "--build-arg", os.environ.get(pair)) for pair in asked.build_args)
    contexts = tuple(_pair(pair, "--build-context", None) for pair in asked.build_contexts)
    answers = [_image_or_failure(root, keys, asked, build_args, contexts) for keys in wanted]
    images = tuple(answer for answer in answers if isinstance(answer, ImageSettings))
    refused = [answer for answer in answers if isinstance(answer, ImageFailure)]
    notes = [*configuration.notes, *search.notes]
    if not asked.dockerfiles and not configuration.images:
        found = services_below(root, [image.dockerfile[1:] for image in images])
        images = tuple(_served(images, asked, found.services))
        notes += found.notes
    top = configuration.top
    return Settings(
        root,
        images,
        select=select or top.words("select"),
        ignore=(*ignore, *top.words("ignore")),
        bases=tuple(_base(name, keys) for name, keys in configuration.bases.items()),
        fail_on=top.text("fail-on") or "error",
        baseline=top.text("baseline"),
        baseline_at=top.place("baseline"),
        refused=(*refused, *search.refused),
        notes=tuple(notes),
        python_environment=_environment(root, asked.python_environment, top),
        imports=top.pairs("imports"),
        configured_codes=tuple(
            (code, keys.place(name))
            for keys in (top, *wanted)
            for name in ("select", "ignore")
            for code in keys.words(name)
        ),
    )


class _Search(Struct, frozen=True):
    """What the search for Dockerfiles says besides their names."""

    notes: tuple[Note, ...] = ()
    refused: tuple[ImageFailure, ...] = ()


def _no_image(path: Path, root: Path, configuration: Configuration, search: _Search) -> ParityError:
    if configuration.top.words("exclude") and find_dockerfiles(root).names:
        place = configuration.top.place("exclude")
        hint = "change exclude, or name the Dockerfile with -f FILE"
        return ParityError(f"no Dockerfile below {path} that exclude leaves", place, hint)
    why = "".join(f"; {note.message}" for note in search.notes)
    hint = "name it with -f FILE, or give the repository's folder as PATH"
    return ParityError(f"no Dockerfile below {path}{why}", hint=hint)


def _image_or_failure(
    root: Path,
    keys: Keys,
    asked: Asked,
    build_args: tuple[tuple[str, str], ...],
    contexts: tuple[tuple[str, str], ...],
) -> ImageSettings | ImageFailure:
    """One image that cannot be looked at hides no other."""
    try:
        return _image(root, keys, asked, build_args, contexts)
    except ParityError as error:
        return ImageFailure(keys.text("dockerfile") or "", error.message, error.location, error.hint)


def _sound(root: Path, asked: Asked) -> None:
    """Raises ParityError for an option whose value means nothing."""
    for option, value in (("-f", "" if "" in asked.dockerfiles else None), ("--context", asked.context)):
        if value == "":
            raise ParityError(f"{option} is empty", hint="leave it out, or name a file or folder below PATH")
    if asked.python is not None and not is_version(asked.python):
        raise ParityError(f"--python {asked.python!r} is no version of Python 3", hint="write it like 3.12")
    if asked.platform is not None and not is_platform(asked.platform):
        raise ParityError(f"--platform {asked.platform!r} is no platform", hint="write it like linux/amd64")
    if asked.entrypoint is not None and not is_command(asked.entrypoint):
        raise ParityError(
            f"--entrypoint {asked.entrypoint!r} is no command",
            hint="write it like 'uvicorn shop.api:app', in one pair of quotes",
        )
    if asked.context is not None:
        folder_below(root, asked.context)
    for pair in asked.build_contexts:
        folder_below(root, _pair(pair, "--build-context", None)[1])


def _environment(root: Path, asked: Path | None, top: Keys) -> Path | None:
    name = top.text("python-environment")
    if asked is None and name is None:
        return None
    folder = asked if asked is not None else root / (name or "")
    if not is_file(folder / "pyvenv.cfg"):
        raise ParityError(
            f"{folder} is no virtual environment",
            top.place("python-environment") if asked is None else None,
            hint="name the folder that has pyvenv.cfg in it, like .venv",
        )
    return folder


def _images(root: Path, asked: Asked, configuration: Configuration) -> tuple[tuple[Keys, ...], _Search]:
    """What is said of each image to check; and what the user should know of the search."""
    declared = configuration.images
    if asked.dockerfiles:
        names = tuple(dockerfile_below(root, name) for name in asked.dockerfiles)
        said = {name: [keys for keys in declared if keys.text("dockerfile") == name] for name in names}
        return tuple(keys for name in names for keys in said[name] or [Keys({"dockerfile": name})]), _Search()
    if declared:
        return declared, _Search()
    found = find_dockerfiles(root)
    wanted = _without(configuration.top, found.names)
    return tuple(Keys({"dockerfile": name}) for name in wanted), _search(found)


def _search(found: Dockerfiles) -> _Search:
    """What could not be looked at is said; what nobody could, as there is too much, is an image not answered for."""
    notes = tuple(
        Note(f"{folder} cannot be listed: {why}; no Dockerfile was looked for in it", Location(folder))
        for folder, why in found.unlisted
    )
    if found.unsearched is None:
        return _Search(notes)
    message = f"there are more than {MOST_FOLDERS} folders: from here on no Dockerfile was looked for"
    hint = "name the Dockerfiles with -f, or as [[images]] in parity.toml"
    return _Search(notes, (ImageFailure(found.unsearched, message, Location(found.unsearched), hint),))


def _without(top: Keys, names: tuple[str, ...]) -> tuple[str, ...]:
    patterns = top.words("exclude")
    if not patterns:
        return names
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore import GitIgnorePatternError

    try:
        excluded = GitIgnoreSpec.from_lines(patterns)
    except (GitIgnorePatternError, ValueError) as error:
        raise ParityError(f"exclude: {error}", top.place("exclude"), "write it as in .gitignore") from None
    return tuple(name for name in names if not excluded.match_file(name))


def _image(
    root: Path,
    keys: Keys,
    asked: Asked,
    build_args: tuple[tuple[str, str], ...],
    contexts: tuple[tuple[str, str], ...],
) -> ImageSettings:
    name = dockerfile_below(root, keys.text("dockerfile") or "", keys.place("dockerfile"))
    context = asked.context or keys.text("context")
    of_context = None if asked.context else keys.place("context")
    folders = [(key, value, keys.place("build-contexts")) for key, value in keys.pairs("build-contexts")]
    folders += [(key, value, None) for key, value in contexts]
    start = keys.text("entrypoint") or (shlex.join(keys.words("entrypoint")) or None)
    return ImageSettings(
        dockerfile="/" + name,
        context=folder_below(root, context, of_context) if context else likely_context(root, name),
        target=asked.target or keys.text("target"),
        build_args=(*keys.pairs("build-args"), *build_args),
        build_contexts=tuple((key.lower(), folder_below(root, value, at)) for key, value, at in folders),
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
    if is_folder(path):
        try:
            return path.resolve()
        except OSError as error:  # the current folder was deleted
            raise ParityError(f"PATH cannot be read: {error.strerror}") from None
    if is_there(path):
        hint = f"give its folder as PATH: {path.parent} -f {path.name}"
        raise ParityError(f"{path} is a file, and PATH names a folder", hint=hint)
    raise ParityError(f"there is no folder {path}")


def _pair(text: str, option: str, default: str | None) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or (not equals and option == "--build-context"):
        raise ParityError(
            f"{option} {text!r} is not of the form NAME=VALUE",
            hint="write it as for docker build",
        )
    return name, value if equals else default or ""
