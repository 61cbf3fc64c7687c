"""The answer to `check`: one report an image."""

from __future__ import annotations

from msgspec import Struct

from parity.model.finding import Finding, Severity
from parity.model.location import Location, Unknown


class RuleInfo(Struct, frozen=True):
    """What a rule says of itself; `documentation` is its page, in Markdown."""

    code: str
    name: str
    severity: Severity
    summary: str
    documentation: str


class EntrypointReport(Struct, frozen=True):
    """The start command as it was understood."""

    argv: tuple[str, ...]
    kind: str
    modules: tuple[str, ...]
    location: Location | None = None


class ImageReport(Struct, frozen=True):
    """What was found for one image: a Dockerfile with its context, target and command.

    `sources`: the files of the checkout that the answer rests on, relative to the project root; `silenced`: how
    many findings a comment or the baseline keeps out of `findings`.
    """

    dockerfile: str
    context: str
    target: str | None
    service: str | None
    python: str | None
    workdir: str
    search_path: tuple[str, ...]
    entrypoint: EntrypointReport | None
    unknowns: tuple[Unknown, ...]
    findings: tuple[Finding, ...]
    modules_checked: int = 0
    sources: tuple[str, ...] = ()
    silenced: int = 0


class ImageFailure(Struct, frozen=True):
    """An image whose question could not be answered; the other images' reports stand beside it."""

    dockerfile: str
    message: str
    location: Location | None = None
    hint: str = ""


class Note(Struct, frozen=True):
    """What was not looked at besides the images: a folder that may not be listed, a file that cannot be read."""

    message: str
    location: Location | None = None

    def __str__(self) -> str:
        return self.message


class Report(Struct, frozen=True):
    """Every image's report, and the rules that were asked; `seconds` is for people only."""

    images: tuple[ImageReport, ...]
    failures: tuple[ImageFailure, ...] = ()
    seconds: float = 0.0
    rules: tuple[RuleInfo, ...] = ()
    notes: tuple[Note, ...] = ()

    def count(self, severity: Severity) -> int:
        return sum(f.severity is severity for image in self.images for f in image.findings)
