"""The words that all formats share: plurals, counts, the verdict on an image, what was not checked and why."""

from __future__ import annotations

from parity.formats.naming import MOST_NAMED
from parity.formats.presentation import Presentation
from parity.formats.style import Style
from parity.formats.together import findings_once
from parity.model.finding import Cause, CauseKind, ChainLink, Confidence, Finding, Severity
from parity.model.report import ImageReport, Report, Unchecked, Verdict

_MOST_LINKS = 12
_LONGEST = 200
"""Characters of a line where it stands among words."""
_VERBS = {
    CauseKind.DOCKERIGNORE: "excludes it",
    CauseKind.REMOVED: "removes it",
    CauseKind.OTHER_STAGE: "only there",
    CauseKind.NOT_COPIED: "nearest COPY, which does not bring it",
    CauseKind.SHADOWED: "puts the other file there",
    CauseKind.CYCLE: "imports back",
    CauseKind.GIT_IGNORE: "keeps it out of git",
    CauseKind.OUTDATED: "puts it there now; the image was built otherwise",
}


def plural(number: int, name: str) -> str:
    """`1 module`, `2 modules`."""
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def likely(finding: Finding) -> str:
    """What stands behind a rule's name."""
    return " (likely)" if finding.confidence is Confidence.LIKELY else ""


def counts(report: Report, of_infos: str = "") -> str:
    """`1 error, 2 warnings, 1 not checked`, or that there is nothing. What several images have counts once.

    `of_infos`: what is said behind their number.
    """
    told = [one.finding.severity for one in findings_once(report.images)]
    parts = [
        plural(told.count(one), one.value) + (of_infos if one is Severity.INFO else "")
        for one in Severity
        if one in told
    ]
    open_images = len(report.failures) + report.unchecked
    if open_images:
        bare = sum(image.is_without_python for image in report.images)
        why = f" ({bare} without a Python start command)" if 0 < bare < open_images else ""
        parts.append(f"{open_images} not checked{why}")
    return ", ".join(parts) or "nothing found"


def verdict_on(image: ImageReport) -> str:
    """What an image without an error may say of itself: no more than what was checked."""
    checked = image.checked
    if image.verdict is Verdict.UNCHECKED:
        if image.entrypoint is None:
            return "the start command runs no known Python program (name another with --entrypoint)"
        if not checked.modules:
            return "no module of the project was followed (--entrypoint, --context or a COPY may be wrong)"
        return f"{plural(checked.modules_open, 'module')} of the project may be missing"
    reached = f"{plural(checked.modules, 'module')} reached"
    if image.silenced:
        return f"{reached}, {plural(image.silenced, 'finding')} silenced"
    if checked.distributions_open:
        return f"{reached}, {plural(checked.distributions_open, 'package')} not checked"
    return f"{reached}, all imports found"


def reason_of(image: ImageReport) -> str:
    """Why an image is not checked, with the command that is not understood where there is one."""
    told = next((one for one in image.findings if one.code == "PAR603"), None)
    if told is None or image.entrypoint is not None:
        return verdict_on(image)
    place = f" ({told.location})" if told.location else ""
    return (
        f"{told.message.removesuffix('; nothing was checked')}{place}; name another command with --entrypoint"
    )


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


def chain_text(chain: tuple[ChainLink, ...]) -> str:
    """`a.py:1 → b.py:2`, the middle of a very long one left out."""
    links = [f"{link.path or link.image_path}:{link.line}" for link in chain]
    if len(links) > _MOST_LINKS:
        links = [*links[:5], f"… {len(links) - 10} more …", *links[-5:]]
    return " → ".join(links)


def exception_line(finding: Finding) -> str:
    """What Python, or Docker, prints last: `ModuleNotFoundError: No module named 'x'`."""
    return ": ".join(part for part in (finding.exception, finding.exception_text) if part)


def breaks(finding: Finding) -> str:
    """`breaks 3 more imports`."""
    return f"breaks {plural(finding.also_breaks, 'more import')}"


def cause_line(cause: Cause, presentation: Presentation) -> str:
    """The cause on one line: its place, its text, and what that does."""
    if cause.location is None:
        return cause.detail
    text = (presentation.excerpt(cause.location) or cause.detail).strip()
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    label = label_of(cause)
    return f"{cause.location}: {text}" + (f" ({label})" if label else "")


def label_of(cause: Cause) -> str:
    """What the line that is to blame does, in a few words."""
    return cause.detail if cause.kind is CauseKind.NOT_ON_SEARCH_PATH else _VERBS.get(cause.kind, "")


def closing(report: Report, style: Style, of_infos: str = "") -> str:
    """Counts and time, on one line. `of_infos`: what is said behind the number of infos."""
    errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
    color = "red" if errors or report.failures else "yellow" if warnings else "green"
    images = len(report.images) + len(report.failures)
    what = style.paint(counts(report, of_infos), color, "bold")
    silenced = sum(image.silenced for image in report.images)
    quiet = f", {silenced} silenced" if silenced else ""
    told = f"{plural(images, 'image')}, {plural(report.modules, 'module')}"
    return f"{what}{quiet} in {told} in {report.seconds:.2f} s"
