"""Which images does a folder build? Its Dockerfiles, and the context of each."""

from __future__ import annotations

import os
import posixpath
import shlex
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from msgspec.structs import replace

from parity.config.asked import STANDARD_INPUT, Asked, pair_of, require_sense
from parity.config.contexts import guess_context, parsed_dockerfile
from parity.config.load import Configuration, Keys, load
from parity.config.places import dockerfile_below, folder_below, root_of
from parity.config.settings import BaseSettings, ImageSettings, Settings
from parity.deployments.matching import Started, main_of, starts_of
from parity.deployments.paths import LARGEST
from parity.deployments.read import Deployments, deployments_in
from parity.deployments.search import MOST_FOLDERS, Names, search
from parity.deployments.service import Build
from parity.model.contract import Contract
from parity.model.errors import ParityError
from parity.model.location import Location
from parity.model.octets import octets
from parity.model.report import ImageFailure, Note
from parity.tree.base import join, within
from parity.tree.disk import DiskTree
from parity.tree.edited import with_buffers
from parity.tree.reader import is_file, is_folder, repository_of

NO_BUFFERS: Mapping[Path, bytes] = MappingProxyType({})
MOST_IMAGES = 500
"""Images that are looked at: what more there is, no person named."""


def discover(
    path: Path,
    asked: Asked,
    *,
    select: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
    buffers: Mapping[Path, bytes] = NO_BUFFERS,
) -> Settings:
    """The options before the configuration, the configuration before what is found.

    `buffers`: the texts that an editor holds of Dockerfiles and of what builds and starts them.

    Raises ParityError where there is no Dockerfile, or where an option names what is not there; what cannot be
    looked at of single images is among `refused`.
    """
    root, dockerfiles = root_of(path)
    asked = replace(asked, dockerfiles=(*dockerfiles, *asked.dockerfiles))
    require_sense(asked)
    start = (root / dockerfiles[0]).parent if dockerfiles else root
    configuration, folder = _configured(start) if asked.config is None else (load(root, asked.config), root)
    wanted = [
        root,
        *([folder] if configuration.file and asked.config is None else []),
        *_outside(root, asked),
    ]
    top = Path(os.path.commonpath(wanted))
    settings = _found(top, root, folder, asked, configuration, buffers).settings(select, ignore)
    for above in _above(top) if any(image.lacks for image in settings.images) else ():
        # The repository may have the folder that these Dockerfiles are written for.
        try:
            wider = _found(above, root, folder, asked, configuration, buffers).settings(select, ignore)
        except ParityError:  # the folders on the way to PATH may not be listed, or git ignores PATH
            continue
        if _fits_better(wider, settings):
            return wider
    return settings


def _configured(start: Path) -> tuple[Configuration, Path]:
    """What is said in the nearest folder from `start` up, and the folder; `start` itself where nothing is said."""
    own = load(start, None)
    if own.file:
        return own, start
    for above in _above(start):
        outer = load(above, None)
        if outer.file:
            return replace(outer, notes=(*outer.notes, *_seen_from(above, start, own.notes))), above
    return own, start


def _outside(root: Path, asked: Asked) -> Iterator[Path]:
    """What the options name beside PATH, or above it, in the repository."""
    repository = repository_of(root)
    names = [*asked.dockerfiles, asked.context, *(pair.partition("=")[2] for pair in asked.build_contexts)]
    for name in filter(None, names):
        place = Path(os.path.normpath(root / name))
        if place.is_relative_to(repository) and not place.is_relative_to(root):
            yield place if is_folder(place) else place.parent


def _found(
    top: Path,
    root: Path,
    folder: Path,
    asked: Asked,
    configuration: Configuration,
    buffers: Mapping[Path, bytes],
) -> _Discovery:
    """`root`: PATH; `folder`: that of the configuration. Both lie in `top`, but the one that --config names."""
    notes = tuple(_seen_from(top, folder, configuration.notes)) if folder != top else configuration.notes
    return _Discovery(
        top, _below_it(root, top), _below_it(folder, top), asked, replace(configuration, notes=notes), buffers
    )


def _below_it(folder: Path, above: Path) -> str:
    return "" if folder == above else folder.relative_to(above).as_posix()


def _above(root: Path) -> tuple[Path, ...]:
    """The folders above, the nearest first, up to the root of the repository; () outside of one."""
    top = repository_of(root)
    return tuple(folder for folder in root.parents if folder.is_relative_to(top))


def _seen_from(above: Path, root: Path, notes: Iterable[Note]) -> Iterator[Note]:
    """Notes of `root`, with paths relative to a folder above; the message begins with the path."""
    below = _below_it(root, above)
    for note in notes:
        place = note.location and replace(note.location, path=f"{below}/{note.location.path}")
        yield Note(f"{below}/{note.message}", place)


def _fits_better(wider: Settings, settings: Settings) -> bool:
    """It has the same Dockerfiles, and fewer images lack what they copy."""

    def dockerfiles(one: Settings) -> set[str]:
        return {str(one.root / image.dockerfile[1:]) for image in one.images}

    def misfits(one: Settings) -> int:
        return sum(bool(image.lacks) for image in one.images)

    return (
        dockerfiles(settings) <= dockerfiles(wider)
        and len(wider.refused) <= len(settings.refused)
        and misfits(wider) < misfits(settings)
    )


class _Discovery:
    """What is looked for below `root`.

    `below`: PATH seen from there, "" where they are one; `home`: the same of the folder of the configuration.
    """

    def __init__(
        self,
        root: Path,
        below: str,
        home: str,
        asked: Asked,
        configuration: Configuration,
        buffers: Mapping[Path, bytes],
    ) -> None:
        self.root = root
        self.below = below
        self.home = home
        self.asked = asked
        self.configuration = configuration
        self.buffers = buffers
        self.tree = with_buffers(DiskTree(root), root, buffers)

    @cached_property
    def names(self) -> Names:
        return search(self.tree)

    @cached_property
    def deployments(self) -> Deployments:
        tree = with_buffers(DiskTree(self.root, LARGEST), self.root, self.buffers)
        return deployments_in(self.names.others, tree, self.root.name)

    @property
    def place(self) -> str:
        """PATH, as a checkout path."""
        return f"/{self.below}"

    @property
    def is_found(self) -> bool:
        """Nobody names the Dockerfiles: they are looked for."""
        return not self.asked.dockerfiles and not self.configuration.images

    def settings(self, select: tuple[str, ...], ignore: tuple[str, ...]) -> Settings:
        for name in (self.asked.context, *(folder for _, folder in self.typed_contexts())):
            if name is not None:
                folder_below(self.root, self.seen(name))
        wanted = self.wanted()
        refused = self.left_out()
        top = self.configuration.top
        baseline = top.text("baseline")
        if not wanted and not refused:
            raise self.nothing(bool(top.words("exclude")) and bool(self.dockerfiles))
        every = (one for keys in wanted for one in self.images_or_failure(keys))
        answers = tuple(islice(every, MOST_IMAGES + 1))
        if len(answers) > MOST_IMAGES:
            answers = (*answers[:-1], _too_many(answers[-1]))
        return Settings(
            self.root,
            tuple(one for one in answers if isinstance(one, ImageSettings)),
            select=select or top.words("select"),
            ignore=(*ignore, *top.words("ignore")),
            bases=tuple(_base(name, keys) for name, keys in self.configuration.bases.items()),
            fail_on=top.text("fail-on") or "error",
            baseline=posixpath.join(self.home, baseline) if baseline else None,
            baseline_at=top.place("baseline"),
            refused=(*(one for one in answers if isinstance(one, ImageFailure)), *refused),
            notes=(*self.configuration.notes, *self.unlisted(), *self.deployments.notes),
            python_environment=_environment(self.root / self.home, self.asked.python_environment, top),
            imports=top.pairs("imports"),
            configured_codes=tuple(
                (code, keys.place(name))
                for keys in (top, *wanted)
                for name in ("select", "ignore", "severity", "per-file-ignores")
                for code in (
                    *keys.words(name),
                    *(code for code, _ in keys.pairs(name)),
                    *(code for _, codes in keys.lists(name) for code in codes),
                )
            ),
            severities=top.pairs("severity"),
            ignored_in=_ignored_in(top, self.home),
            is_partial=self.below != self.home
            or bool(select or ignore or self.asked.dockerfiles or self.asked.target or self.asked.entrypoint),
            below=self.below,
            builders=tuple(one for one in self.deployments.all if one.build is not None and one.images),
            start_checks=self.deployments.start_checks,
        )

    def unlisted(self) -> Iterator[Note]:
        """The folders in which nobody could look for Dockerfiles. Raises ParityError where PATH is one."""
        for folder, unknown in self.names.unlisted if self.is_found else ():
            name = folder[1:] or "."
            if folder == self.place:
                raise ParityError(f"PATH{unknown.reason.removeprefix(name)}")
            if within(folder, self.place):
                yield Note(f"{unknown.reason}; no Dockerfile was looked for in it", Location(name))

    def left_out(self) -> tuple[ImageFailure, ...]:
        """What nobody could look at, as there is too much, is an image that is not answered for."""
        if self.names.unsearched is None or not self.is_found:
            return ()
        name = self.names.unsearched[1:]
        message = f"there are more than {MOST_FOLDERS} folders: from here on no Dockerfile was looked for"
        hint = "name the Dockerfiles with -f, or as [[images]] in parity.toml"
        return (ImageFailure(name, message, Location(name), hint),)

    def nothing(self, left_out: bool) -> ParityError:
        where = f"no Dockerfile below {self.root / self.below}"
        if left_out:
            place = self.configuration.top.place("exclude")
            hint = "fix exclude, or name the Dockerfile with -f FILE"
            return ParityError(f"{where} that exclude leaves", place, hint)
        why = "".join(f"; {note.message}" for note in self.unlisted())
        folder = self.root / self.below
        repository = repository_of(folder)
        if repository == folder:
            return ParityError(
                where + why, hint="name it with -f FILE, or give the repository's folder as PATH"
            )
        hint = f"name it with -f FILE, or look at the whole repository: parity check {os.path.relpath(repository)}"
        return ParityError(where + why, hint=hint)

    @cached_property
    def dockerfiles(self) -> tuple[str, ...]:
        """Those that are found below PATH, and those that a compose file or a workflow builds."""
        built = (
            one.build.dockerfile
            for one in self.deployments.all
            if one.build is not None
            and one.build.inline is None
            and is_file(self.root / one.build.dockerfile[1:])
        )
        every = dict.fromkeys((*self.names.dockerfiles, *built))
        return tuple(name[1:] for name in every if within(name, self.place))

    def wanted(self) -> tuple[Keys, ...]:
        """What is said of each image to check."""
        declared = tuple(self.declared())
        if self.asked.dockerfiles:
            names = tuple(self.named(name) for name in self.asked.dockerfiles)
            said = {name: [keys for keys in declared if keys.text("dockerfile") == name] for name in names}
            return tuple(keys for name in names for keys in said[name] or [Keys({"dockerfile": name})])
        if self.configuration.images:
            return declared
        wanted = _without(self.configuration.top, self.dockerfiles, self.home)
        inline = (
            one.build.dockerfile[1:]
            for one in self.deployments.services
            if one.build is not None and one.build.inline is not None
        )
        names = (*wanted, *(dict.fromkeys(inline) if not self.below else ()))
        return tuple(Keys({"dockerfile": name}) for name in names)

    def declared(self) -> Iterator[Keys]:
        """The images of the configuration that are below PATH, with paths relative to the root."""
        for keys in self.configuration.images:
            given = dict(keys.given)
            for key in ("dockerfile", "context"):
                value = given.get(key)
                if isinstance(value, str) and self.home:
                    given[key] = posixpath.normpath(posixpath.join(self.home, value))
            if not self.below or within("/" + str(given["dockerfile"]), "/" + self.below):
                yield replace(keys, given=given)

    def named(self, name: str) -> str:
        """A Dockerfile as PATH names it, relative to the root."""
        if name == STANDARD_INPUT:
            return name
        return self.known(self.seen(name))

    def known(self, name: str, configured: Location | None = None) -> str:
        """A Dockerfile that was found, typed or declared."""
        return dockerfile_below(self.root, name, lambda: self.dockerfiles, configured)

    def images_or_failure(self, keys: Keys) -> Iterable[ImageSettings | ImageFailure]:
        """One image that cannot be looked at hides no other."""
        try:
            return tuple(self.images(keys))
        except ParityError as error:
            name = keys.text("dockerfile") or ""
            return (ImageFailure(name, error.message, error.location, error.hint),)

    def images(self, keys: Keys) -> Iterator[ImageSettings]:
        """The images of one Dockerfile: one for each way in which it is built and started."""
        asked = self.asked
        name = keys.text("dockerfile") or ""
        if name != STANDARD_INPUT and ": " not in name:
            name = self.known(name, keys.place("dockerfile"))
        dockerfile = "/" + name
        start = keys.text("entrypoint") or (shlex.join(keys.words("entrypoint")) or None)
        context = self.seen(asked.context) if asked.context else keys.text("context")
        context_at = None if asked.context else keys.place("context")
        contexts_at = keys.place("build-contexts")
        folders = (
            *(
                (key, posixpath.join(self.home, value), contexts_at)
                for key, value in keys.pairs("build-contexts")
            ),
            *((key, self.seen(value), None) for key, value in self.typed_contexts()),
        )
        image = ImageSettings(
            dockerfile=dockerfile,
            context=folder_below(self.root, context, context_at) if context else self.place,
            target=asked.target or keys.text("target"),
            build_args=(
                *keys.pairs("build-args"),
                *(pair_of(pair, "--build-arg", os.environ.get(pair)) for pair in asked.build_args),
            ),
            build_contexts=tuple(
                (key.lower(), folder_below(self.root, value, place)) for key, value, place in folders
            ),
            entrypoint=asked.entrypoint or start,
            python=asked.python or keys.text("python"),
            platform=asked.platform or keys.text("platform") or "linux/amd64",
            ignore=keys.words("ignore"),
            contract=Contract(
                keys.words("contains"),
                keys.words("lacks"),
                "/" + self.home,
                keys.place("contains"),
                keys.place("lacks"),
            ),
        )
        if name == STANDARD_INPUT:
            image = replace(image, dockerfile=join(self.place, name), text=asked.standard_input or b"")
            yield image if context else self.placed(image, True)
            return
        if context and not self.is_found:
            yield image
            return
        started = self.started(dockerfile)
        if not self.is_found:
            yield self.built(image, started)
            return
        for one in started:
            told = self.as_started(image, one)
            yield told if context else self.placed(told, one.build is None)

    def typed_contexts(self) -> tuple[tuple[str, str], ...]:
        return tuple(pair_of(pair, "--build-context", None) for pair in self.asked.build_contexts)

    def started(self, dockerfile: str) -> tuple[Started, ...]:
        parsed = parsed_dockerfile(self.tree, dockerfile)
        names = {dockerfile.split("/")[-2], *_suffix(dockerfile)} - {""}
        if dockerfile == self.main_dockerfile:
            names.add(self.root.name)
        return starts_of(dockerfile, parsed, self.deployments, sorted(names))

    @cached_property
    def main_dockerfile(self) -> str | None:
        """The one of the image that is called like the repository."""
        return main_of((f"/{name}" for name in self.dockerfiles), self.deployments)

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
            text=octets(build.inline) if build.inline is not None else None,
        )

    def placed(self, image: ImageSettings, guessed: bool) -> ImageSettings:
        """With the context that fits best, where nobody says which it is."""
        if not guessed:
            return image
        parsed = parsed_dockerfile(self.tree, image.dockerfile, image.text)
        guess = guess_context(self.tree, image.dockerfile, parsed)
        beside = image.dockerfile.rpartition("/")[0] == self.place.rstrip("/")
        own = guess.context == self.place
        return replace(image, context=guess.context, context_guessed=not (beside and own), lacks=guess.lacks)

    def seen(self, name: str) -> str:
        """A folder as PATH names it, relative to the root."""
        return f"{self.below}/{name}" if self.below else name


def _suffix(dockerfile: str) -> tuple[str, ...]:
    """`Dockerfile.worker` and `worker.Dockerfile` make an image that is called so."""
    parts = dockerfile.rpartition("/")[2].split(".")
    return tuple(part for part in parts if part.lower() not in ("dockerfile", "containerfile"))


def _too_many(first: ImageSettings | ImageFailure) -> ImageFailure:
    name = first.dockerfile.removeprefix("/")
    message = f"there are more than {MOST_IMAGES} images: from here on none was checked"
    return ImageFailure(name, message, Location(name), "name the Dockerfiles with -f")


def _environment(root: Path, asked: Path | None, top: Keys) -> Path | None:
    name = top.text("python-environment")
    if asked is None and name is None:
        return None
    folder = asked if asked is not None else root / (name or "")
    if not is_file(folder / "pyvenv.cfg"):
        raise ParityError(
            f"{folder} is not a virtual environment",
            top.place("python-environment") if asked is None else None,
            hint="name the folder that has pyvenv.cfg in it, like .venv",
        )
    return folder


def _without(top: Keys, names: tuple[str, ...], home: str) -> tuple[str, ...]:
    """The Dockerfiles that exclude leaves. `home`: the folder that its patterns are relative to."""
    if not top.words("exclude"):
        return names
    from parity.config.patterns import files_of, require_patterns, rooted

    require_patterns(top.words("exclude"), "exclude", top.place("exclude"))
    excluded = files_of(tuple(rooted(pattern, home) for pattern in top.words("exclude")))
    return tuple(name for name in names if not excluded.match_file(name))


def _ignored_in(top: Keys, home: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Files, as patterns relative to the root, and the rules that are not for them."""
    ignores = top.lists("per-file-ignores")
    if not ignores:
        return ()
    from parity.config.patterns import require_patterns, rooted

    require_patterns(tuple(name for name, _ in ignores), "per-file-ignores", top.place("per-file-ignores"))
    return tuple((rooted(pattern, home), codes) for pattern, codes in ignores)


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
