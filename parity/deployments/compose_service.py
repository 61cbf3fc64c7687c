"""One service of a compose file: what its keys say, and what a file says over another (compose specification)."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from parity.deployments.paths import inside, read_text
from parity.deployments.service import (
    Build,
    Files,
    FromCheckout,
    FromImage,
    Mount,
    NotInCheckout,
    NotKnown,
    Pairs,
    Service,
    Shown,
)
from parity.deployments.variables import assignments, interpolated
from parity.deployments.yaml_file import EMPTY, Table, Value
from parity.model.location import Location
from parity.tree.base import Entry, FileTree, join
from parity.tree.links import follow

_TARGET = re.compile(r":(/[^:${}]*)(?::[\w,]+)?$")


class BuildKeys(Struct, frozen=True):
    """`build:`; `dockerfile` is relative to the context. `unread`: it names what only a shell or a server knows."""

    context: str | None = None
    dockerfile: str | None = None
    target: str | None = None
    args: Pairs = ()
    contexts: Pairs = ()
    inline: str | None = None
    unread: bool = False

    def over(self, base: BuildKeys) -> BuildKeys:
        return BuildKeys(
            self.context or base.context,
            self.dockerfile or base.dockerfile,
            self.target or base.target,
            _merged(base.args, self.args),
            _merged(base.contexts, self.contexts),
            self.inline or base.inline,
            self.unread or base.unread,
        )


class ServiceKeys(Struct, frozen=True):
    """What a file says of a service; None and (): nothing. `extends`: a file ("" for this one) and a service."""

    location: Location
    build: BuildKeys | None = None
    image: str | None = None
    entrypoint: tuple[str, ...] | None = None
    command: tuple[str, ...] | None = None
    environment: Pairs = ()
    env_files: tuple[str, ...] = ()
    working_directory: str | None = None
    user: str | None = None
    mounts: tuple[Mount, ...] = ()
    extends: tuple[str, str] | None = None
    command_at: Location | None = None
    health_at: Location | None = None

    def over(self, base: ServiceKeys) -> ServiceKeys:
        """Both, this file's word before that of `base`: mappings are merged, commands replaced."""
        mounts = {mount.target: mount for mount in (*base.mounts, *self.mounts)}
        build = self.build.over(base.build) if self.build and base.build else self.build or base.build
        return ServiceKeys(
            location=self.location,
            build=build,
            image=self.image or base.image,
            entrypoint=base.entrypoint if self.entrypoint is None else self.entrypoint,
            command=base.command if self.command is None else self.command,
            environment=_merged(base.environment, self.environment),
            env_files=(*base.env_files, *self.env_files),
            working_directory=self.working_directory or base.working_directory,
            user=self.user or base.user,
            mounts=tuple(mounts.values()),
            extends=self.extends,
            command_at=self.command_at or base.command_at,
            health_at=self.health_at or base.health_at,
        )

    def service(self, name: str, tree: FileTree, project: str) -> Service | None:
        """None for a service of which cannot be told what it builds. `project`: compose's name for the whole."""
        build = self.build
        images = (self.image,) if self.image else ()
        if build is None and not images:
            return None
        if build is not None and (build.unread or build.context is None):
            return None
        made: Build | None = None
        if build is not None and build.context is not None:
            dockerfile = inside(build.context, build.dockerfile or "Dockerfile")
            if build.inline is not None:
                dockerfile = f"/{self.location.path}: dockerfile_inline of {name}"
            if dockerfile is None:
                return None
            made = Build(build.context, dockerfile, build.target, build.args, build.contexts, build.inline)
            images = images or (f"{project.lower()}-{name}",)
        told: dict[str, str] = {}
        for path in self.env_files:
            told |= assignments(read_text(tree, path) or "")
        return Service(
            name=name,
            file=self.location.path,
            location=self.location,
            build=made,
            images=images,
            entrypoint=self.entrypoint,
            command=self.command,
            environment=tuple({**told, **dict(self.environment)}.items()),
            working_directory=self.working_directory,
            user=self.user,
            mounts=self.mounts,
            command_at=self.command_at,
            health_at=self.health_at,
        )


class ComposeReader(Struct, frozen=True):
    """Reads services whose paths are relative to the checkout folder `folder`.

    `variables`: those of the project's .env file. `configs`: the top-level `configs` and `secrets`.
    """

    tree: FileTree
    folder: str
    variables: Mapping[str, str]
    configs: Table = EMPTY
    secrets: Table = EMPTY

    def read(self, keys: Table, location: Location) -> ServiceKeys:
        """What the mapping of a service says."""
        extends = self.extends(keys.get("extends"))
        env_files = keys.get("env_file")
        names = env_files if isinstance(env_files, tuple) else (env_files,)
        paths = (self.text(one.get("path") if isinstance(one, Table) else one) for one in names)
        folders = (inside(self.folder, path) for path in paths if path)
        return ServiceKeys(
            location=location,
            build=self.build(keys.get("build")),
            image=self.text(keys.get("image")),
            entrypoint=self.command(keys.get("entrypoint")),
            command=self.command(keys.get("command")),
            environment=tuple(self.pairs(keys.get("environment"))),
            env_files=tuple(path for path in folders if path is not None),
            working_directory=self.text(keys.get("working_dir")),
            user=self.text(keys.get("user")),
            mounts=tuple(self.mounts(keys, location)),
            extends=extends,
            command_at=keys.places.get("command") or keys.places.get("entrypoint"),
            health_at=keys.places.get("healthcheck") if _asks(keys.table("healthcheck")) else None,
        )

    def text(self, value: Value) -> str | None:
        return interpolated(value, self.variables) if isinstance(value, str) else None

    def extends(self, value: Value) -> tuple[str, str] | None:
        if isinstance(value, Table):
            name, file = self.text(value.get("service")), self.text(value.get("file"))
            path = inside(self.folder, file) if file else ""
            return (path, name) if name and path is not None else None
        name = self.text(value)
        return ("", name) if name else None

    def build(self, value: Value) -> BuildKeys | None:
        if value is None:
            return None
        keys = value if isinstance(value, Table) else Table({"context": value})
        told = {key: keys.get(key) for key in ("context", "dockerfile", "target")}
        read = {key: self.text(one) for key, one in told.items()}
        unread = any(read[key] is None for key, one in told.items() if one is not None)
        written = read["context"] if told["context"] is not None else "."
        context = inside(self.folder, written) if written and not written.startswith("git@") else None
        contexts = (
            (name, inside(self.folder, path))
            for name, path in self.pairs(keys.get("additional_contexts"))
            if ":" not in path
        )
        return BuildKeys(
            context=context if told["context"] is not None or "context" not in keys.entries else None,
            dockerfile=read["dockerfile"],
            target=read["target"],
            args=tuple(self.pairs(keys.get("args"))),
            contexts=tuple((name.lower(), path) for name, path in contexts if path is not None),
            inline=self.text(keys.get("dockerfile_inline")),
            unread=unread or context is None,
        )

    def command(self, value: Value) -> tuple[str, ...] | None:
        """Compose splits a text as a shell would, and runs no shell."""
        if isinstance(value, tuple):
            words = [self.text(item) for item in value]
            return None if None in words else tuple(word or "" for word in words)
        text = self.text(value)
        try:
            return tuple(shlex.split(text)) if text is not None else None
        except ValueError:
            return None

    def pairs(self, value: Value) -> Iterator[tuple[str, str]]:
        """`NAME: value`, or a list of `NAME=value`; a name without a value comes from the shell."""
        if isinstance(value, Table):
            for name, one in value.entries.items():
                text = self.text(one)
                if text is not None:
                    yield name, text
        for item in value if isinstance(value, tuple) else ():
            name, equals, text_of_it = (self.text(item) or "").partition("=")
            if equals:
                yield name, text_of_it

    def mounts(self, keys: Table, location: Location) -> Iterator[Mount]:
        for number, item in enumerate(keys.items("volumes")):
            mount = self.long(item) if isinstance(item, Table) else self.short(item)
            if mount is not None and mount[0].startswith("/"):
                place = keys.places.get(f"volumes.{number}", location)
                yield Mount(join("/", mount[0]), mount[1], place)
        tmpfs = keys.get("tmpfs")
        for item in tmpfs if isinstance(tmpfs, tuple) else (tmpfs,):
            target = (self.text(item) or "").partition(":")[0]
            if target.startswith("/"):
                yield Mount(join("/", target), Files(), keys.places.get("tmpfs", location))
        for key, declared, folder in (
            ("configs", self.configs, "/"),
            ("secrets", self.secrets, "/run/secrets/"),
        ):
            for number, item in enumerate(keys.items(key)):
                named = item.get("source") if isinstance(item, Table) else item
                name = self.text(named)
                where = self.text(item.get("target")) if isinstance(item, Table) else None
                if name:
                    path = join(folder, where or name)
                    place = keys.places.get(f"{key}.{number}", location)
                    yield Mount(path, self.declared(declared.table(name), name), place)

    def declared(self, keys: Table, name: str) -> Shown:
        file = self.text(keys.get("file"))
        return self.bound(file) if file else NotKnown(f"{name} is not in the checkout")

    def short(self, item: Value) -> tuple[str, Shown] | None:
        """`SOURCE:TARGET:MODE`, or `TARGET` alone for a volume without a name."""
        text = self.text(item)
        if text is None:
            found = _TARGET.search(item) if isinstance(item, str) else None
            return (found[1], NotKnown("only the shell that calls compose knows it")) if found else None
        source, colon, rest = text.partition(":")
        if not colon:
            return source, FromImage()
        target = rest.partition(":")[0]
        if source.startswith((".", "/", "~")):
            return target, self.bound(source)
        return target, FromImage()

    def long(self, keys: Table) -> tuple[str, Shown] | None:
        target, source = self.text(keys.get("target")), self.text(keys.get("source"))
        if target is None:
            return None
        match self.text(keys.get("type")):
            case "bind":
                return target, self.bound(source) if source else NotKnown("its source is not known")
            case "tmpfs":
                return target, Files()
            case "volume" | None:
                return target, FromImage()
        return target, NotKnown("it is no folder of the checkout")

    def bound(self, source: str) -> Shown:
        path = inside(self.folder, source)
        if path is None:
            return NotKnown(f"{source} is outside of the checkout")
        there = isinstance(follow(self.tree, path).answer, Entry)
        return FromCheckout(path) if there else NotInCheckout(path)


def _merged(base: Pairs, over: Pairs) -> Pairs:
    return tuple({**dict(base), **dict(over)}.items())


def _asks(healthcheck: Table) -> bool:
    """Compose: `disable: true` and `test: NONE` take the image's own check away."""
    if healthcheck.text("disable") in ("true", "True", "yes"):
        return False
    test = healthcheck.get("test")
    return test is not None and test not in (("NONE",), "NONE")


def without_extends(keys: ServiceKeys) -> ServiceKeys:
    """What is left once the extended service is merged in."""
    return replace(keys, extends=None)
