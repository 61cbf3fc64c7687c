"""Where something stands in a text, and what cannot be known."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from parity.model.packages import SitePackages


class Location(Struct, frozen=True, order=True):
    """A place in a file of the checkout.

    `path` is relative to the project root, with `/`; lines and columns count from 1. `end_column` is
    one past the last character. 0 means "not known".
    """

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        text = self.path
        if self.line:
            text += f":{self.line}"
            if self.column:
                text += f":{self.column}"
        return text


class May(Enum):
    """What kind of change a step that cannot be read is capable of. The order is that of their power."""

    REMOVES = "removes"
    """A removal that may have happened: what the readable steps put there may be gone."""
    UNBUILT = "unbuilt"
    """A COPY whose source is missing: the build fails, and what it would have brought is not asked about."""
    ANYTHING = "anything"
    """A build script that cannot be read: it generates files; it writes back no file of the checkout."""
    SOURCES = "sources"
    """A download, a clone, an archive, an image nobody knows: any file, where it is told to put it."""
    GENERATED = "generated"
    """A generator: modules whose names fit its patterns, or that git ignores."""
    SYSTEM = "system"
    """A base image, a package manager of the system: programs and distributions, no module of the project."""
    DISTRIBUTIONS = "distributions"
    """An installer of Python's: modules of distributions, none of the project's own."""
    ASSETS = "assets"
    """A build of a front end, translations, a database: files, but no Python module."""
    ELSEWHERE = "elsewhere"
    """A program that was told no folder to write to: outside its own, files that a later COPY or step takes."""
    NOTHING = "nothing"
    """Caches, lists of users, compiled copies: nothing that a start-up reads."""

    @property
    def rank(self) -> int:
        """0 for the most powerful."""
        return _RANKS[self]

    @classmethod
    def of_installer(cls, *, others_only: bool) -> May:
        """Of an installer: does it bring packages of others only, or perhaps the project itself?"""
        return cls.DISTRIBUTIONS if others_only else cls.SOURCES


_RANKS = {may: rank for rank, may in enumerate(May)}


class Unknown(Struct, frozen=True):
    """A doubt: what a step that cannot be read may have done, and which instruction is to blame.

    `may`        the kind of change it is capable of
    `early`      it ran before the COPY that made the folder in question, so it is hard to imagine that it wrote there
    `reach`      the folder of the image that it may have written to, "" where that is not one folder
    `installed`  the distributions that are there, if installers put there what cannot be known
    `others`     further steps of which the same is doubtful, the most powerful first
    """

    reason: str
    location: Location | None = None
    may: May = May.ANYTHING
    early: bool = False
    reach: str = ""
    installed: SitePackages | None = None
    others: tuple[Unknown, ...] = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._compared == other._compared

    def __hash__(self) -> int:
        return hash(self._compared)

    @property
    def _compared(self) -> tuple[object, ...]:
        """What makes two the same: not what is known all the same."""
        return (self.reason, self.location, self.may, self.early)

    @property
    def steps(self) -> tuple[Unknown, ...]:
        """Each step of which something is doubtful, one by one."""
        return (replace(self, others=()), *self.others) if self.others else (self,)

    @property
    def third_party(self) -> bool:
        """Is it about packages of others only, never about the project's own files?"""
        return all(step.may.rank >= May.SYSTEM.rank for step in self.steps)

    @property
    def programs(self) -> bool:
        """Can it have made a program, an interpreter, say?"""
        return any(step.may.rank < May.DISTRIBUTIONS.rank for step in self.steps)

    @property
    def no_modules(self) -> bool:
        """Can it have made no module of Python at all?"""
        return all(step.may.rank >= May.ASSETS.rank for step in self.steps)

    def __str__(self) -> str:
        return f"{self.reason} ({self.location})" if self.location else self.reason
