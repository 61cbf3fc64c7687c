"""The words that all formats share: plurals, counts, the verdict on an image, what was not checked and why."""

from __future__ import annotations

from parity.model.finding import Confidence, Finding, Severity
from parity.model.report import ImageReport, Report, Unchecked, Verdict

MOST_NAMED = 4
"""Names that are listed before "and N more"."""


def plural(number: int, name: str) -> str:
    """`1 module`, `2 modules`."""
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def likely(finding: Finding) -> str:
    """What stands behind a rule's name."""
    return " (likely)" if finding.confidence is Confidence.LIKELY else ""


def counts(report: Report) -> str:
    """`1 error, 2 warnings, 1 not checked`, or that there is nothing."""
    parts = [plural(report.count(one), one.value) for one in Severity if report.count(one)]
    open_images = len(report.failures) + report.unchecked
    if open_images:
        parts.append(f"{open_images} not checked")
    return ", ".join(parts) or "nothing found"


def verdict_on(image: ImageReport) -> str:
    """What an image without an error may say of itself: no more than what was checked."""
    checked = image.checked
    if image.verdict is Verdict.UNCHECKED:
        if image.entrypoint is None:
            return "the start command runs no Python that is known (--entrypoint names another)"
        if not checked.modules:
            return "no module of the project was followed (--entrypoint, --context or a COPY may be wrong)"
        return f"{plural(checked.modules_open, 'module')} of the project may be missing"
    reached = f"{plural(checked.modules, 'module')} reached"
    if image.silenced:
        return f"{reached}, {plural(image.silenced, 'finding')} silenced"
    if checked.distributions_open:
        return f"{reached}, {plural(checked.distributions_open, 'package')} not checked"
    return f"{reached}, all imports found"


def costs_of(one: Unchecked) -> str:
    """`whether shop.report is there, and whether yaml and 3 more packages are installed`; "" where it costs nothing."""
    parts = []
    if one.own:
        parts.append(f"whether {_listed(one.own)} {_are(one.own)} there")
    if one.packages:
        parts.append(f"whether {_listed(one.packages)} {_are(one.packages)} installed")
    return ", and ".join(parts)


def _listed(names: tuple[str, ...]) -> str:
    shown, more = names[:MOST_NAMED], len(names) - MOST_NAMED
    if more > 0:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _are(names: tuple[str, ...]) -> str:
    return "is" if len(names) == 1 else "are"
