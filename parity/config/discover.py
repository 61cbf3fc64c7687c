"""Which images does a folder build? Its Dockerfiles, and the context of each."""

from __future__ import annotations

import os
import posixpath
import shlex
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from parity.config.contexts import guess_context, parsed_dockerfile
from parity.config.load import Configuration, Keys, load
from parity.config.settings import BaseSettings, ImageSettings, Settings
from parity.config.sound import is_command, is_platform, is_version
from parity.deployments.matching import Started, starts_of
from parity.deployments.read import Deployments, deployments_in
from parity.deployments.search import MOST_ENTRIES, Names, search
from parity.deployments.service import Build
from parity.model.errors import ParityError
from parity.model.location import Location
from parity.tree.base import within
from parity.tree.disk import DiskTree

STANDARD_INPUT = "-"
MOST_IMAGES = 500
"""Images that are looked at: what more there is, no person named."""


class Asked(Struct, frozen=True):
    """The options as typed. `standard_input`: the Dockerfile that `-f -` stands for."""

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
    standard_input: bytes | None = None


def discover(
    path: Path, asked: Asked, *, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()
) -> Settings:
    """The options before the configuration, the configuration before what is found.

    Raises ParityError where there is no Dockerfile, or where one of them names what is not there.
    """
    root, dockerfiles = _root(path)
    asked = replace(asked, dockerfiles=(*dockerfiles, *asked.dockerfiles))
    _sound(asked)
    configuration = load(root, asked.config)
    if not configuration.file and asked.config is None:
        for above in _above(root):
            configuration = load(above, None)
            if configuration.file:
                return _Discovery(above, _below_it(root, above), "", asked, configuration).settings(
                    select, ignore
                )
    settings = _Discovery(root, "", "", asked, configuration).settings(select, ignore)
    misfits = [image for image in settings.images if image.lacks]
    for above in _above(root) if misfits else ():
        # The repository may have the folder that these Dockerfiles are written for.
        below = _below_it(root, above)
        wider = _Discovery(above, below, below, asked, configuration).settings(select, ignore)
        if sum(bool(image.lacks) for image in wider.images) < len(misfits):
            return wider
    return settings


def _below_it(folder: Path, above: Path) -> str:
    return folder.relative_to(above).as_posix()


def _above(root: Path) -> tuple[Path, ...]:
    """The folders above, the nearest first, up to the root of the repository; () outside of one."""
    chain = (root, *root.parents)
    top = next((number for number, folder in enumerate(chain) if (folder / ".git").exists()), 0)
    return chain[1 : top + 1]


class _Discovery:
    """What is looked for below `root`.

    `below`: PATH seen from there, "" where they are one; `home`: the same of the folder of the configuration.
    """

    def __init__(self, root: Path, below: str, home: str, asked: Asked, configuration: Configuration) -> None:
        self.root = root
        self.below = below
        self.home = home
        self.asked = asked
        self.configuration = configuration
        self.tree = DiskTree(root)

    @cached_property
    def names(self) -> Names:
        return search(self.tree)

    @cached_property
    def deployments(self) -> Deployments:
        return deployments_in(self.names.others, self.tree, self.root.name)

    def settings(self, select: tuple[str, ...], ignore: tuple[str, ...]) -> Settings:
        wanted, note = self.wanted()
        top = self.configuration.top
        baseline = top.text("baseline")
        if not wanted:
            raise self.nothing(bool(top.words("exclude")) and bool(self.dockerfiles))
        images = tuple(islice((image for keys in wanted for image in self.images(keys)), MOST_IMAGES + 1))
        if len(images) > MOST_IMAGES:
            images, note = images[:-1], f"more than {MOST_IMAGES} images are not looked at: use -f"
        return Settings(
            self.root,
            images,
            select or top.words("select"),
            (*ignore, *top.words("ignore")),
            tuple(_base(name, keys) for name, keys in self.configuration.bases.items()),
            top.text("fail-on") or "error",
            posixpath.join(self.home, baseline) if baseline else None,
            note,
            _environment(
                self.root / self.home, self.asked.python_environment, top.text("python-environment")
            ),
            top.pairs("imports"),
            self.below,
            tuple(one for one in self.deployments.all if one.build is not None and one.images),
        )

    def nothing(self, left_out: bool) -> ParityError:
        return ParityError(
            f"no Dockerfile below {self.root / self.below}" + (" that exclude leaves" if left_out else ""),
            Location(self.configuration.file) if left_out else None,
            hint="fix exclude, or name the Dockerfile with -f FILE"
            if left_out
            else "name it with -f FILE, or give the repository's folder as PATH",
        )

    @cached_property
    def dockerfiles(self) -> tuple[str, ...]:
        """Those that are found below PATH, and those that a compose file or a workflow builds."""
        place = "/" + self.below if self.below else "/"
        built = (
            one.build.dockerfile
            for one in self.deployments.all
            if one.build is not None
            and one.build.inline is None
            and _is_there(self.root, one.build.dockerfile)
        )
        every = dict.fromkeys((*self.names.dockerfiles, *built))
        return tuple(name[1:] for name in every if within(name, place))

    def wanted(self) -> tuple[tuple[Keys, ...], str]:
        """What is said of each image to check; and what the user should know of the search."""
        declared = tuple(self.declared())
        if self.asked.dockerfiles:
            names = tuple(self.named(name) for name in self.asked.dockerfiles)
            said = {name: [keys for keys in declared if keys.text("dockerfile") == name] for name in names}
            return tuple(keys for name in names for keys in said[name] or [Keys({"dockerfile": name})]), ""
        if self.configuration.images:
            return declared, ""
        note = f"Dockerfiles behind the first {MOST_ENTRIES} files are not looked for: use -f"
        wanted = _without(self.configuration.top.words("exclude"), self.dockerfiles, self.home)
        inline = (
            one.build.dockerfile[1:]
            for one in self.deployments.services
            if one.build is not None and one.build.inline is not None
        )
        names = (*wanted, *(dict.fromkeys(inline) if not self.below else ()))
        return tuple(Keys({"dockerfile": name}) for name in names), "" if self.names.all_seen else note

    def declared(self) -> Iterator[Keys]:
        """The images of the configuration that are below PATH, with paths relative to the root."""
        for keys in self.configuration.images:
            given = dict(keys.given)
            for key in ("dockerfile", "context"):
                value = given.get(key)
                if isinstance(value, str) and self.home:
                    given[key] = posixpath.normpath(posixpath.join(self.home, value))
            if not self.below or within("/" + str(given["dockerfile"]), "/" + self.below):
                yield Keys(given)

    def named(self, name: str) -> str:
        """A Dockerfile as PATH names it, relative to the root."""
        if name == STANDARD_INPUT:
            return name
        return _named(self.root, f"{self.below}/{name}" if self.below else name, self.dockerfiles_to_suggest)

    def dockerfiles_to_suggest(self) -> tuple[str, ...]:
        return self.dockerfiles

    def images(self, keys: Keys) -> Iterator[ImageSettings]:
        """The images of one Dockerfile: one for each way in which it is built and started."""
        asked = self.asked
        name = keys.text("dockerfile") or ""
        name = name if name == STANDARD_INPUT or ": " in name else self.known(name)
        dockerfile = "/" + name
        start = keys.text("entrypoint") or (shlex.join(keys.words("entrypoint")) or None)
        context = self.seen(asked.context) if asked.context else keys.text("context")
        folders = (
            *((key, posixpath.join(self.home, value)) for key, value in keys.pairs("build-contexts")),
            *((key, self.seen(value)) for key, value in self.typed_contexts()),
        )
        image = ImageSettings(
            dockerfile=dockerfile,
            context=_folder(self.root, context) if context else "/" + self.below,
            target=asked.target or keys.text("target"),
            build_args=(
                *keys.pairs("build-args"),
                *(_pair(pair, "--build-arg", os.environ.get(pair)) for pair in asked.build_args),
            ),
            build_contexts=tuple(
                (key.lower(), _folder(self.root, self.seen(value))) for key, value in folders
            ),
            entrypoint=asked.entrypoint or start,
            python=asked.python or keys.text("python"),
            platform=asked.platform or keys.text("platform") or "linux/amd64",
            ignore=keys.words("ignore"),
        )
        if name == STANDARD_INPUT:
            yield replace(image, text=asked.standard_input or b"")
            return
        is_found = not asked.dockerfiles and not self.configuration.images
        if context and not is_found:
            yield image
            return
        started = self.started(dockerfile)
        if not is_found:
            yield self.built(image, started)
            return
        for one in started:
            told = self.as_started(image, one)
            yield told if context else self.placed(told, one.build is None)

    def typed_contexts(self) -> tuple[tuple[str, str], ...]:
        return tuple(_pair(pair, "--build-context", None) for pair in self.asked.build_contexts)

    def started(self, dockerfile: str) -> tuple[Started, ...]:
        parsed = parsed_dockerfile(self.tree, dockerfile)
        names = {self.root.name, dockerfile.split("/")[-2], *_suffix(dockerfile)} - {""}
        return starts_of(dockerfile, parsed, self.deployments, sorted(names))

    def built(self, image: ImageSettings, started: tuple[Started, ...]) -> ImageSettings:
        """As the deployment files build the Dockerfile, where they agree; it starts as it is."""
        builds = [one.build for one in started if one.build is not None]
        if len({build.context for build in builds}) != 1:
            return self.placed(image, True)
        image = replace(image, context=builds[0].context)
        if len({(build.args, build.contexts) for build in builds}) != 1:
            return image
        return replace(
            image,
            build_args=(*builds[0].args, *image.build_args),
            build_contexts=(*builds[0].contexts, *image.build_contexts),
        )

    def as_started(self, image: ImageSettings, started: Started) -> ImageSettings:
        """As a deployment file builds and starts it; what is typed goes first."""
        build = started.build or Build(image.context, image.dockerfile)
        return replace(
            image,
            context=image.context if self.asked.context else build.context,
            target=image.target or build.target,
            build_args=(*build.args, *image.build_args),
            build_contexts=(*build.contexts, *image.build_contexts),
            service=started.service,
            names=started.names,
            text=build.inline.encode("utf8", "surrogateescape") if build.inline is not None else None,
        )

    def placed(self, image: ImageSettings, guessed: bool) -> ImageSettings:
        """With the context that fits best, where nobody says which it is."""
        if not guessed:
            return image
        guess = guess_context(self.tree, image.dockerfile, parsed_dockerfile(self.tree, image.dockerfile))
        beside = image.dockerfile.rpartition("/")[0] == ("/" + self.below).rstrip("/")
        own = guess.context == ("/" + self.below if self.below else "/")
        return replace(image, context=guess.context, context_guessed=not (beside and own), lacks=guess.lacks)

    def seen(self, name: str) -> str:
        """A folder as PATH names it, relative to the root."""
        return f"{self.below}/{name}" if self.below else name

    def known(self, name: str) -> str:
        """A Dockerfile that was found, typed or declared."""
        return _named(self.root, name, self.dockerfiles_to_suggest)


def _suffix(dockerfile: str) -> tuple[str, ...]:
    """`Dockerfile.worker` and `worker.Dockerfile` make an image that is called so."""
    parts = dockerfile.rpartition("/")[2].split(".")
    return tuple(part for part in parts if part.lower() not in ("dockerfile", "containerfile"))


def _is_there(root: Path, path: str) -> bool:
    return (root / path[1:]).is_file()


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


def _without(patterns: tuple[str, ...], names: tuple[str, ...], home: str) -> tuple[str, ...]:
    """`home`: the folder that the patterns are relative to."""
    if not patterns:
        return names
    from pathspec import GitIgnoreSpec

    excluded = GitIgnoreSpec.from_lines(patterns)
    return tuple(name for name in names if not excluded.match_file(name.removeprefix(f"{home}/")))


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


def _root(path: Path) -> tuple[Path, tuple[str, ...]]:
    """The folder that PATH means, and the Dockerfile that it names: then paths are relative to the current folder,
    or to its own where it lies elsewhere.
    """
    if path.is_dir():
        return path.resolve(), ()
    if not path.exists():
        raise ParityError(f"there is no folder {path}")
    here = Path.cwd().resolve()
    whole = path.parent.resolve() / path.name
    if whole.is_relative_to(here):
        return here, (whole.relative_to(here).as_posix(),)
    return whole.parent, (whole.name,)


def _named(root: Path, name: str, near_by: Callable[[], tuple[str, ...]]) -> str:
    place = _place(root, name)
    if place.is_dir():
        raise ParityError(f"-f {name} is a folder", hint=f"did you mean -f {name.rstrip('/')}/Dockerfile?")
    if not place.is_file():
        if (root / name).is_symlink():
            raise ParityError(f"the Dockerfile {name} is a link that leads nowhere", hint="fix the link")
        near = get_close_matches(name, [n for n in near_by() if n != name], 1, 0.4)
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
