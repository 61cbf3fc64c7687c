"""The answer to `check --compare A B`: what differs between two images, and why."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from parity.model.finding import Cause, Finding, Severity
from parity.model.location import Location
from parity.model.report import ImageReport


class Aspect(Enum):
    """What a difference is about."""

    SETUP = "setup"
    ENVIRONMENT = "environment"
    PACKAGES = "packages"
    FILES = "files"


class Fact(Struct, frozen=True):
    """What one image says: `value`, "" where there is nothing, and what makes it so; `cause`: why it is not there."""

    value: str = ""
    location: Location | None = None
    cause: Cause | None = None


class Difference(Struct, frozen=True):
    """`name`: a part of the set-up, a variable, a distribution, or a file of the checkout."""

    aspect: Aspect
    name: str
    first: Fact
    second: Fact


class Comparison(Struct, frozen=True):
    """Two images of a repository, called as the user calls them.

    `open_packages`: why it is not known which packages there are, of either image; "" where it is.
    """

    names: tuple[str, str]
    reports: tuple[ImageReport, ImageReport]
    differences: tuple[Difference, ...]
    open_packages: tuple[str, str] = ("", "")

    @property
    def failures(self) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """The errors that only the first image has, and those that only the second has."""
        first, second = (_errors(report) for report in self.reports)
        return (
            tuple(one for key, one in first.items() if key not in second),
            tuple(one for key, one in second.items() if key not in first),
        )


def _errors(report: ImageReport) -> dict[object, Finding]:
    return {
        (one.code, one.module, one.image_path, one.exception_text): one
        for one in report.findings
        if one.severity is Severity.ERROR
    }
