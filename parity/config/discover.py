"""Which images does a folder build? Its Dockerfiles, and the context of each."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from parity.config.load import Configuration, Keys, load
from parity.config.settings import BaseSettings, ImageSettings, Settings
from parity.model.errors import ParityError
from parity.model.version import PythonVersion

_DOCKERFILE = re.compile(r"(?i:dockerfile|containerfile)(?:[.\-_].+)?$|.+\.(?i:dockerfile)$")
_SKIPPED = frozenset(
    "node_modules venv env site-packages __pycache__ dist build target vendor .git .venv .tox .nox".split()
)
_NO_DOCKERFILE = (".dockerignore", ".md", ".py")
MOST_ENTRIES = 20_000
"""Files and folders that are looked at to find Dockerfiles: what more there is, nobody wrote by hand."""
DEEPEST = 6


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
    images, note = _images(root, asked, configuration)
    if not images:
        raise ParityError(
            f"no Dockerfile below {path}",
            hint="name it with -f FILE, or give the repository's folder as PATH",
        )
    build_args = tuple(_pair(pair, "--build-arg", os.environ.get(pair)) for pair in asked.build_args)
    contexts = tuple(_pair(pair, "--build-context", None) for pair in asked.build_contexts)
    top = configuration.top
    return Settings(
        root,
        tuple(_image(root, keys, asked, build_args, contexts) for keys in images),
        select or top.words("select"),
        (*ignore, *top.words("ignore")),
        tuple(_base(name, keys) for name, keys in configuration.bases.items()),
        top.text("fail-on") or "error",
        top.text("baseline"),
        note,
    )


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
    start = keys.text("entrypoint") or (shlex.join(keys.words("entrypoint")) or None)
    return ImageSettings(
        dockerfile="/" + name,
        context=_context(root, name, asked.context or keys.text("context")),
        target=asked.target or keys.text("target"),
        build_args=(*keys.pairs("build-args"), *build_args),
        build_contexts=tuple((key.lower(), _folder(root, value)) for key, value in folders),
        entrypoint=asked.entrypoint or start,
        python=asked.python or keys.text("python"),
        platform=asked.platform or keys.text("platform") or "linux/amd64",
        ignore=keys.words("ignore"),
    )


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


@dataclass(frozen=True, slots=True)
class Dockerfiles:
    """Relative to the folder they were looked for in, the nearest first; `all_seen`: no folder was left out."""

    names: tuple[str, ...]
    all_seen: bool


def find_dockerfiles(root: Path) -> Dockerfiles:
    """Level by level; folders of dependencies are not entered, and `MOST_ENTRIES` entries are looked at."""
    found: list[str] = []
    level = [""]
    top = str(root)
    left = MOST_ENTRIES
    for _ in range(DEEPEST + 1):
        below: list[str] = []
        for prefix in level:
            try:
                with os.scandir(f"{top}/{prefix}") as entries:
                    for entry in islice(entries, left):
                        left -= 1
                        name = entry.name
                        if entry.is_dir(follow_symlinks=False):
                            if name not in _SKIPPED and name[0] != ".":
                                below.append(f"{prefix}{name}/")
                        elif _DOCKERFILE.match(name) and not name.endswith(_NO_DOCKERFILE):
                            found.append(prefix + name)
            except OSError:
                continue
            if not left:
                break
        level = sorted(below)
    return Dockerfiles(tuple(sorted(found, key=lambda name: (name.count("/"), name))), left > 0)


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


def _context(root: Path, dockerfile: str, asked: str | None) -> str:
    """The build context: PATH, or the Dockerfile's own folder where its COPY sources are only there."""
    if asked is not None:
        return _folder(root, asked)
    folder = dockerfile.rpartition("/")[0]
    if not folder:
        return "/"
    sources = _literal_sources((root / dockerfile).read_bytes(), dockerfile)
    here = sum((root / folder / source).exists() for source in sources)
    above = sum((root / source).exists() for source in sources)
    return "/" + folder if here > above else "/"


def _literal_sources(data: bytes, dockerfile: str) -> list[str]:
    from parity.docker.instructions import Copy
    from parity.docker.parse import parse

    try:
        parsed = parse(data, dockerfile)
    except ParityError:
        return []
    return [
        source.lstrip("/")
        for stage in parsed.stages
        for copy in stage.instructions
        if isinstance(copy, Copy) and copy.flag("from") is None
        for source in copy.sources
        if not set(source) & set("$*?[") and ":" not in source and source.strip("./")
    ]
