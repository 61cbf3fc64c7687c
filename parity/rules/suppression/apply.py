"""The reports less what the user does not want to hear, and with the comments that silence nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from parity.model.finding import Finding
from parity.model.location import Unknown
from parity.model.report import ImageReport
from parity.model.suppression import Suppression
from parity.rules.suppression.baseline import Baseline, new_findings
from parity.rules.suppression.comments import suppressions_in
from parity.rules.suppression.silence import silence
from parity.tree.base import FileTree


class Commented(Struct, frozen=True, tag=True):
    """A report with all that was found, and the comments in the files that it rests on."""

    report: ImageReport
    comments: tuple[Suppression, ...] = ()


def commented(report: ImageReport, checkout: FileTree) -> Commented:
    """With the comments of its sources."""
    return Commented(report, tuple(_all(report, checkout)))


def suppress(
    commented: tuple[Commented, ...],
    known: Baseline,
    unused_findings: Callable[[Iterable[Suppression], int], Iterator[Finding]],
) -> tuple[ImageReport, ...]:
    """`unused_findings`: what is said of comments that silence nothing, and of so many known findings that are gone.

    A comment counts as used if it silences a finding of any image; an unused one is told once, for the first
    image that reads its file.
    """
    suppressions = tuple(dict.fromkeys(comment for one in commented for comment in one.comments))
    outcomes = [silence(one.report.findings, suppressions) for one in commented]
    used = frozenset().union(*(outcome.used for outcome in outcomes))
    left = dict(known.known)
    told: set[Suppression] = set(used)
    done = []
    for one, outcome in zip(commented, outcomes, strict=True):
        unused = [comment for comment in one.comments if comment not in told]
        told.update(unused)
        findings = new_findings((*outcome.kept, *(unused_findings(unused, 0) if unused else ())), left)
        silenced = len(one.report.findings) + len(unused) - len(findings)
        done.append(replace(one.report, findings=findings, silenced=silenced))
    stale = sum(left.values())
    if stale and done:
        done[0] = replace(done[0], findings=(*done[0].findings, *unused_findings((), stale)))
    return tuple(done)


def _all(report: ImageReport, checkout: FileTree) -> Iterator[Suppression]:
    for path in report.sources:
        data = checkout.read("/" + path)
        if not isinstance(data, Unknown):
            yield from suppressions_in(path, data)
