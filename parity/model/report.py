"""The answer to `check`: one report an image."""

from __future__ import annotations

from dataclasses import dataclass, field

from parity.model.finding import Finding, Severity
from parity.model.location import Location, Unknown


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What a rule says of itself; `documentation` is its page, in Markdown."""

    code: str
    name: str
    severity: Severity
    summary: str
    documentation: str


@dataclass(frozen=True, slots=True)
class EntrypointReport:
    """The start command as it was understood."""

    argv: tuple[str, ...]
    kind: str
    modules: tuple[str, ...]
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class ImageReport:
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


@dataclass(frozen=True, slots=True)
class ImageFailure:
    """An image whose question could not be answered; the other images' reports stand beside it."""

    dockerfile: str
    message: str
    location: Location | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Every image's report, and the rules that were asked; `seconds` is for people only."""

    images: tuple[ImageReport, ...]
    failures: tuple[ImageFailure, ...] = ()
    seconds: float = field(default=0.0, compare=False)
    rules: tuple[RuleInfo, ...] = ()

    def count(self, severity: Severity) -> int:
        return sum(f.severity is severity for image in self.images for f in image.findings)
