"""What every format of a report gets besides the report: how the answer is looked at, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from posixpath import normpath

from msgspec import Struct

from parity.formats.style import PLAIN, Style
from parity.model.finding import Severity
from parity.model.location import Location

Excerpt = Callable[[Location], str | None]
"""The text of a location's line, None where it cannot be had."""


def no_excerpt(place: Location) -> str | None:  # noqa: ARG001 - an Excerpt
    """For where the files are not at hand."""
    return None


class Presentation(Struct, frozen=True):
    """`verbose`: show each image, and all that is not known. `least`: findings that are less grave are counted only.

    `base`: PATH seen from the repository's root, "" or `a/b/`.
    """

    excerpt: Excerpt = no_excerpt
    style: Style = PLAIN
    verbose: bool = False
    least: Severity = Severity.WARNING
    base: str = ""

    @property
    def of_infos(self) -> str:
        """What is said behind the number of infos: how to see them."""
        return "" if self.least is Severity.INFO else " (--verbose)"

    def in_repository(self, path: str) -> str:
        """A path, relative to PATH, as it is seen from the repository's root."""
        return normpath(self.base + path) if path.startswith("../") else self.base + path
