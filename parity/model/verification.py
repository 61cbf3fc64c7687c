"""The answer to `verify`: where an image that was built differs from what its sources say now."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from parity.model.finding import Cause
from parity.model.location import Location, Unknown
from parity.model.report import ImageReport


class Differs(Enum):
    """How a path differs."""

    MISSING = "missing"
    """The Dockerfile puts it there, and the image lacks it."""
    STALE = "stale"
    """It is there, and is another than the sources make now."""
    UNEXPECTED = "unexpected"
    """It lies in a folder that a COPY fills, and no instruction puts it there."""


class LayerOf(Struct, frozen=True):
    """The layer of the image that has a path, or took it away: its number from 1 on, and the instruction as the
    image's history has it ("" where it has none).
    """

    number: int
    digest: str
    made_by: str = ""


class FileDifference(Struct, frozen=True):
    """One path, the topmost where all of a folder is missing or unexpected.

    `source`       the file or folder of the checkout that it should be, "" where there is none
    `instruction`  the one that puts it there now
    `detail`       what is different, in a few words; "" where there is no more to say
    `cause`        of what is unexpected: why the build leaves it out now
    """

    path: str
    how: Differs
    type: str
    source: str = ""
    instruction: Location | None = None
    layer: LayerOf | None = None
    detail: str = ""
    cause: Cause | None = None


class ConfigDifference(Struct, frozen=True):
    """`name`: `ENV DEBUG`, `CMD`; None: it is not set."""

    name: str
    built: str | None
    planned: str | None
    location: Location | None = None


class PackageDifference(Struct, frozen=True):
    """A distribution of which the image has another version (`built`; None: it is not there) than is `planned` at
    `location`.
    """

    name: str
    built: str | None
    planned: str
    location: Location | None = None


class MissingLibrary(Struct, frozen=True):
    """A shared object that is nowhere in the image, and the extension module (an image path) that asks for it."""

    name: str
    needed_by: str


class Verification(Struct, frozen=True):
    """`image`: as the user calls it; `saved_as`: its names in the archive; `digest`: its ID.

    `start`: the start-up, replayed on its files; `compared`: how many files were; `left_out`: how many paths were not,
    since git does not have their source; `unknowns`: steps of the Dockerfile that cannot be read: what they make was
    not compared; `libraries`: the import of the module that asks for one fails.
    """

    image: str
    saved_as: tuple[str, ...]
    digest: str
    layers: int
    files: tuple[FileDifference, ...]
    configuration: tuple[ConfigDifference, ...]
    packages: tuple[PackageDifference, ...]
    start: ImageReport
    compared: int = 0
    left_out: int = 0
    unknowns: tuple[Unknown, ...] = ()
    libraries: tuple[MissingLibrary, ...] = ()

    @property
    def is_same(self) -> bool:
        """Is it what the sources say now? The start-up is another question."""
        return not (self.files or self.configuration or self.packages)

    def of(self, how: Differs) -> tuple[FileDifference, ...]:
        return tuple(one for one in self.files if one.how is how)
