"""One question to the tool: which images, built how, started how."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from parity.model.contract import NO_CONTRACT, Contract
from parity.model.location import Location
from parity.model.report import ImageFailure, Note

if TYPE_CHECKING:
    from parity.deployments.service import Service
    from parity.deployments.start_checks import StartCheck


class ImageSettings(Struct, frozen=True):
    """One image to look at.

    `dockerfile` and `context` are checkout paths (absolute in the project root); `text` is the Dockerfile's where it
    lies in no file of its own; `service` starts the image; `names` are those of every service that does so, and of
    the calls that build it; `entrypoint` is a command line that overrides the image's; `ignore` names rules that are
    not for this image. `context_guessed`: nobody says which folder the context is; `lacks`: COPY sources that this
    one does not have; `contract`: what the configuration says that the image holds.
    """

    dockerfile: str
    context: str
    target: str | None = None
    service: Service | None = None
    build_args: tuple[tuple[str, str], ...] = ()
    build_contexts: tuple[tuple[str, str], ...] = ()
    entrypoint: str | None = None
    python: str | None = None
    platform: str = "linux/amd64"
    ignore: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    context_guessed: bool = False
    lacks: tuple[str, ...] = ()
    text: bytes | None = None
    contract: Contract = NO_CONTRACT


def without_mounts(asked: ImageSettings) -> ImageSettings:
    """The image as it is built, whatever its service lays over it."""
    if asked.service is None:
        return asked
    return replace(asked, service=replace(asked.service, mounts=()))


class BaseSettings(Struct, frozen=True):
    """What the user says of a base image that is not public. `name` has no tag; None: nothing is said of it."""

    name: str
    like: str | None = None
    python: str | None = None
    workdir: str | None = None
    env: tuple[tuple[str, str], ...] = ()
    user: str | None = None
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None


class Settings(Struct, frozen=True):
    """Everything a run needs: `root` is the project root on this machine.

    `refused`: images that cannot be looked at; `notes`: what was not looked at besides; `baseline_at`: where the
    configuration names it.
    `below`: PATH seen from the root, "" where it is the root itself; paths are told relative to PATH.
    `builders`: what the repository builds under a name that another image may be built on; `clean`: look at what git
    has, not at what is on disk; `start_checks`: where workflows and scripts try an image.

    `severities`: rules, and the severity that the user gives them; `ignored_in`: patterns of files, and the rules that
    are not for them; `heeds_comments`: do comments silence findings? `is_partial`: what is looked at is a part of what
    the configuration says.

    `python_environment`: a virtual environment on this machine, None: those of the checkout are looked for;
    `imports`: import names and their distributions; `configured_codes`: the rules that the configuration names, and
    where.
    """

    root: Path
    images: tuple[ImageSettings, ...]
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    bases: tuple[BaseSettings, ...] = ()
    fail_on: str = "error"
    baseline: str | None = None
    baseline_at: Location | None = None
    refused: tuple[ImageFailure, ...] = ()
    notes: tuple[Note, ...] = ()
    python_environment: Path | None = None
    imports: tuple[tuple[str, str], ...] = ()
    configured_codes: tuple[tuple[str, Location | None], ...] = ()
    severities: tuple[tuple[str, str], ...] = ()
    ignored_in: tuple[tuple[str, tuple[str, ...]], ...] = ()
    heeds_comments: bool = True
    is_partial: bool = False
    below: str = ""
    builders: tuple[Service, ...] = ()
    clean: bool = False
    start_checks: tuple[StartCheck, ...] = ()

    def without_ignores(self, typed: tuple[str, ...]) -> Settings:
        """With what comments, the configuration and its baseline silence. `typed`: rules that an option leaves out."""
        images = tuple(replace(image, ignore=()) for image in self.images)
        return replace(self, images=images, ignore=typed, ignored_in=(), baseline=None, heeds_comments=False)

    @property
    def folder(self) -> Path:
        """PATH."""
        return self.root / self.below
