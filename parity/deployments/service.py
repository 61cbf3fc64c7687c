"""One way in which an image is built and started: what every kind of deployment file comes to."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from parity.model.location import Location

Pairs: TypeAlias = tuple[tuple[str, str], ...]


class Build(Struct, frozen=True):
    """What is built. `context` and `dockerfile` are checkout paths, and so are the folders of `contexts`.

    `inline`: the Dockerfile's text where it stands in the deployment file; `dockerfile` is a name for it then.
    """

    context: str
    dockerfile: str
    target: str | None = None
    args: Pairs = ()
    contexts: Pairs = ()
    inline: str | None = None


class FromCheckout(Struct, frozen=True):
    """The mount shows this file or folder of the checkout."""

    path: str


class NotInCheckout(Struct, frozen=True):
    """The mount shows a path of the checkout that is not there. Docker: an empty folder is made of it."""

    path: str


class FromImage(Struct, frozen=True):
    """The mount shows what the image has there. Docker: a new volume is filled from the image."""


class Files(Struct, frozen=True):
    """The mount shows just these files: name and text (None: not known). Without any it is an empty folder."""

    files: tuple[tuple[str, str | None], ...] = ()


class OneFile(Struct, frozen=True):
    """The mount is a file with this text (None: not known)."""

    text: str | None = None


class NotKnown(Struct, frozen=True):
    """What the mount shows lies on another machine, or is made there."""

    what: str


Shown: TypeAlias = FromCheckout | NotInCheckout | FromImage | Files | OneFile | NotKnown


class Mount(Struct, frozen=True):
    """Something that lies over the image path `target` while the service runs."""

    target: str
    shown: Shown
    location: Location


class Service(Struct, frozen=True):
    """A start of an image, as the file `file` of the checkout says it.

    `build`: how the image is made; None: it has one of the names `images`, and the file does not say more.
    `entrypoint`, `command`, `working_directory` and `user` override the image's; None: they do not.
    `command_at`: where the last word on `entrypoint` and `command` stands; `health_at`: where it is said how to ask
    whether the service works, before it gets traffic.
    """

    name: str
    file: str
    location: Location
    build: Build | None = None
    images: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] | None = None
    command: tuple[str, ...] | None = None
    environment: Pairs = ()
    working_directory: str | None = None
    user: str | None = None
    mounts: tuple[Mount, ...] = ()
    command_at: Location | None = None
    health_at: Location | None = None

    @property
    def label(self) -> str:
        """`compose.yaml: api`, as the report names it."""
        return f"{self.file}: {self.name}"

    @property
    def shows_checkout(self) -> bool:
        """Does a mount lay files of the checkout over the image, as developers do?"""
        return any(isinstance(mount.shown, FromCheckout) for mount in self.mounts)

    @property
    def start(self) -> tuple[object, ...]:
        """What makes two starts of one image the same."""
        mounts = frozenset((mount.target, mount.shown) for mount in self.mounts)
        environment = frozenset(self.environment)
        return (
            self.entrypoint,
            self.command,
            environment,
            self.working_directory,
            self.user,
            mounts,
        )


AS_IT_IS: tuple[object, ...] = (None, None, frozenset(), None, None, frozenset())
"""The start of a service that overrides nothing."""


def same_image(one: str, other: str) -> bool:
    """Do two references name one image? The tag of one of them may be left out: it is often set by a pipeline."""
    name, tag = _parts(one)
    other_name, other_tag = _parts(other)
    return name == other_name and (tag == other_tag or not tag or not other_tag)


def without_tag(reference: str) -> str:
    """`ghcr.io/team/api:3@sha256:…` -> `ghcr.io/team/api`."""
    return _parts(reference)[0]


def _parts(reference: str) -> tuple[str, str]:
    name = reference.partition("@")[0]
    folder, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    for prefix in ("docker.io/library/", "docker.io/"):
        if f"{folder}{slash}".startswith(prefix):
            return f"{folder}{slash}{last}".removeprefix(prefix), tag
    return f"{folder}{slash}{last}", "" if tag == "latest" else tag
