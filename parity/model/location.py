"""Where something stands in a text, and what cannot be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import astuple, replace

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


class Unknown(Struct, frozen=True):
    """An honest "cannot be told": why, and which instruction is to blame.

    It is an answer like any other: whatever depends on it may be said, but never as `certain`.
    `third_party`: what cannot be told are packages of others only, never the project's own files.
    `installed`: the distributions that are there, if installers put there what cannot be told.
    `far_fetched`: the file would have to be there before the checkout's folder was copied that lacks it, or in an
    image or a package that everybody has.
    `incidental`: no start-up depends on it: lists of users, caches of the system, compiled copies.
    `no_modules`: what cannot be told holds no modules of Python: static files, a database.
    """

    reason: str
    location: Location | None = None
    third_party: bool = False
    far_fetched: bool = False
    incidental: bool = False
    no_modules: bool = False
    installed: SitePackages | None = None

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._compared == other._compared

    def __hash__(self) -> int:
        return hash(self._compared)

    @property
    def _compared(self) -> tuple[object, ...]:
        """What makes two the same: `installed` is what is known all the same."""
        return astuple(replace(self, installed=None))

    @property
    def hardly_ours(self) -> bool:
        """It is hard to imagine that a file of the project is there all the same."""
        return self.third_party or self.far_fetched

    def __str__(self) -> str:
        return f"{self.reason} ({self.location})" if self.location else self.reason
