"""The reports that formats are tried on: real ones without time and version, and a hostile one."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from parity import __version__, pipeline
from parity.cli.options import Options
from parity.config.settings import Settings
from parity.formats.choice import load
from parity.formats.presentation import Presentation, excerpt_of
from parity.model.finding import Cause, CauseKind, ChainLink, Confidence, Edit, Finding, Remedy, Severity
from parity.model.location import Location
from parity.model.report import (
    Checked,
    EntrypointReport,
    ImageFailure,
    ImageReport,
    Report,
    RuleInfo,
    Unchecked,
)
from tests.conftest import ROOT

CASES = ("ignored", "circular", "healthy", "hostile")
GRAPHS = ("ignored", "circular")
BAD = "<b>&\"'\x1b[31m\u202e|`*_[x](1)\n::error::%0A ]]> {{7*7}} \udcff é 日本"
"""What wants to be markup, an escape sequence, a workflow command, a table's cell, or is not even text."""


def settings(folder: Path) -> Settings:
    return Options(path=folder).settings()


def report_of(folder: Path) -> Report:
    return replace(pipeline.check(settings(folder)), rules=pipeline.rules())


def hostile() -> Report:
    """Every field that comes from outside holds `BAD`; a chain of 40, 12 warnings, an image that fails."""
    place = Location(f"src/{BAD}.py", 3, 5, 3, 12)
    chain = tuple(ChainLink(f"m{n}{BAD}", f"m{n}{BAD}.py", n + 1, f"/app/m{n}.py") for n in range(40))
    error = Finding(
        code="PAR101",
        name="missing-module",
        severity=Severity.ERROR,
        confidence=Confidence.LIKELY,
        message=f"{BAD} is not in the image",
        location=place,
        module=BAD,
        image_path=f"/app/{BAD}.py",
        chain=chain,
        cause=Cause(CauseKind.DOCKERIGNORE, BAD, Location(".dockerignore", 9)),
        exception="ModuleNotFoundError",
        exception_text=BAD,
        fix=BAD,
        remedies=(
            Remedy(
                BAD, (Edit(".dockerignore", 10, 9, f"!{BAD}\n"), Edit(f"src/{BAD}.py", 3, 4, "")), unsafe=True
            ),
        ),
        notes=(BAD, "a note"),
        also_breaks=2,
    )
    warnings = tuple(
        Finding("PAR102", "missing-module-deferred", Severity.WARNING, Confidence.CERTAIN, f"late {n} {BAD}")
        for n in range(12)
    )
    start = EntrypointReport(("python", BAD), "python", (BAD,), Location("Dockerfile", 7))
    image = ImageReport(
        dockerfile=f"Dockerfile.{BAD}",
        context=".",
        target=BAD,
        service=None,
        python=None,
        workdir=f"/{BAD}",
        search_path=(f"/{BAD}",),
        entrypoint=start,
        unknowns=tuple(
            Unchecked(f"{BAD} {n}", Location("Dockerfile", n), (BAD,) * n, (BAD,)) for n in range(5)
        ),
        findings=(error, *warnings),
        checked=Checked(3, 1, 2, 1),
    )
    empty = replace(
        image, dockerfile="Dockerfile.empty", target=None, entrypoint=None, findings=(), unknowns=()
    )
    failure = ImageFailure(f"Dockerfile.{BAD}", f"no {BAD}", Location("Dockerfile.x", 2), BAD)
    rule = RuleInfo(
        "PAR101", "missing-module", Severity.ERROR, "A module is missing.", "A module is missing.\n\n## Why"
    )
    return Report((image, empty), (failure,), 0.0, (rule,))


def hostile_excerpt(place: Location) -> str | None:
    """Tabs, wide characters, a span far to the right, and a line that cannot be read."""
    lines = {3: f"\tif {BAD[:20]}: import 日本", 9: "x" * 5000, 1: None}
    return lines.get(place.line, "COPY . .")


def presented(case: str) -> tuple[Report, Presentation]:
    """A report of which nothing changes from run to run."""
    if case == "hostile":
        return hostile(), Presentation(hostile_excerpt, base="services/a b/")
    folder = ROOT / "fixtures/incident" / case
    report = report_of(folder)
    found = {finding.code for image in report.images for finding in image.findings}
    rules = tuple(
        replace(rule, summary="A summary.", documentation="A summary.\n\n## A page")
        for rule in report.rules
        if rule.code in found
    )
    return replace(report, seconds=0.0, rules=rules), Presentation(excerpt_of(folder), base="services/")


def rendered(case: str, name: str) -> str:
    report, presentation = presented(case)
    text: str = load("report", name).render(report, presentation)
    return text.replace(f'"{__version__}"', '"VERSION"').replace(f"parity {__version__}", "parity VERSION")


def rendered_graph(case: str, name: str) -> str:
    text: str = load("graph", name).render(pipeline.graph(settings(ROOT / "fixtures/incident" / case))[0])
    return text
