"""The reports less what the user does not want to hear, and with the comments that silence nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from parity.model.finding import Finding
from parity.model.location import Unknown
from parity.model.report import ImageReport
from parity.model.suppression import Suppression
from parity.rules.suppression.baseline import Baseline, new_findings
from parity.rules.suppression.comments import suppressions_in
from parity.rules.suppression.silence import silence
from parity.tree.base import FileTree


def suppress(
    reports: tuple[ImageReport, ...],
    checkout: FileTree,
    known: Baseline,
    unused_findings: Callable[[Iterable[Suppression], int], Iterator[Finding]],
    *,
    heeds_comments: bool = True,
) -> tuple[ImageReport, ...]:
    """`unused_findings`: what is said of comments that silence nothing, and of so many known findings that are gone.

    A comment counts as used if it silences a finding of any image; an unused one is told once, for the first
    image that reads its file.
    """
    suppressions = tuple(_all(reports, checkout)) if heeds_comments else ()
    outcomes = [silence(report.findings, suppressions) for report in reports]
    used = frozenset().union(*(outcome.used for outcome in outcomes))
    left = dict(known.known)
    told: set[Suppression] = set(used)
    done = []
    for report, outcome in zip(reports, outcomes, strict=True):
        unused = [s for s in suppressions if s not in told and s.location.path in report.sources]
        told.update(unused)
        findings = new_findings((*outcome.kept, *unused_findings(unused, 0)), left)
        silenced = len(report.findings) + len(unused) - len(findings)
        done.append(replace(report, findings=findings, silenced=silenced))
    stale = tuple(unused_findings((), sum(left.values())))
    if stale and done:
        done[0] = replace(done[0], findings=(*done[0].findings, *stale))
    return tuple(done)


def _all(reports: Iterable[ImageReport], checkout: FileTree) -> Iterator[Suppression]:
    for path in dict.fromkeys(path for report in reports for path in report.sources):
        data = checkout.read("/" + path)
        if not isinstance(data, Unknown):
            yield from suppressions_in(path, data)
