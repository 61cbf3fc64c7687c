"""The answer to `check`: one report an image."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from parity.model.finding import Finding, Severity
from parity.model.location import Location


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


class Verdict(Enum):
    """What is to be said of an image as a whole."""

    OK = "ok"
    """A start was found, at least one module of the project was followed, and none of its own is open."""
    FAILS = "fails"
    """There is an error, certain or likely."""
    UNCHECKED = "unchecked"
    """No start was recognised, nothing of the project was followed, or a module of its own is open."""


class Unchecked(Struct, frozen=True):
    """A step that cannot be read, and what was not checked because of it: `costs`, the `own` ones first."""

    reason: str
    location: Location | None = None
    own: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()

    @property
    def costs(self) -> tuple[str, ...]:
        """The modules, files and packages that were not checked because of it."""
        return (*self.own, *self.packages)

    def __str__(self) -> str:
        return f"{self.reason} ({self.location})" if self.location else self.reason


class Checked(Struct, frozen=True):
    """How much was looked at: modules of the project and packages of others, and how many of them stay open."""

    modules: int = 0
    modules_open: int = 0
    distributions: int = 0
    distributions_open: int = 0


class ImageReport(Struct, frozen=True):
    """What was found for one image: a Dockerfile with its context, target and command.

    `sources`: the files of the checkout that the answer rests on, relative to the project root; `silenced`: how
    many findings a comment or the baseline keeps out of `findings`; `names`: `compose.yaml: api`, for each start
    and each build that is this image; `context_guessed`: nobody says which folder the context is.
    """

    dockerfile: str
    context: str
    target: str | None
    service: str | None
    python: str | None
    workdir: str
    search_path: tuple[str, ...]
    entrypoint: EntrypointReport | None
    unknowns: tuple[Unchecked, ...]
    findings: tuple[Finding, ...]
    checked: Checked = Checked()
    sources: tuple[str, ...] = ()
    silenced: int = 0
    names: tuple[str, ...] = ()
    context_guessed: bool = False

    @property
    def verdict(self) -> Verdict:
        """`ok` is earned: it is never said of an image of which nothing was followed."""
        if any(finding.severity is Severity.ERROR for finding in self.findings):
            return Verdict.FAILS
        followed = self.entrypoint is not None and self.checked.modules > 0
        return Verdict.OK if followed and not self.checked.modules_open else Verdict.UNCHECKED

    @property
    def is_without_python(self) -> bool:
        """Nothing says that it has an interpreter, or starts one."""
        return self.entrypoint is None and self.python is None and self.verdict is Verdict.UNCHECKED


class ImageFailure(Struct, frozen=True, tag=True):
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

    @property
    def unchecked(self) -> int:
        """How many images are not `ok`, without an error."""
        return sum(image.verdict is Verdict.UNCHECKED for image in self.images)

    @property
    def modules(self) -> int:
        """Modules of the project that were looked at, in all images."""
        return sum(image.checked.modules for image in self.images)

    def count(self, severity: Severity) -> int:
        return sum(f.severity is severity for image in self.images for f in image.findings)
