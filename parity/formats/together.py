"""What several images have in common, once."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from parity.model.finding import Confidence, Finding
from parity.model.report import ImageReport, Unchecked


class Told(Struct, frozen=True):
    """A finding, and the images that have it."""

    finding: Finding
    images: tuple[ImageReport, ...]


def findings_once(images: Iterable[ImageReport]) -> tuple[Told, ...]:
    """Each finding once, the gravest first. Which chain of imports leads there may differ from image to image."""
    findings: dict[object, Finding] = {}
    having: dict[object, list[ImageReport]] = {}
    for image in images:
        for one in image.findings:
            key = (one.code, one.severity, one.location, one.message, one.cause, one.fix)
            if key not in findings or one.confidence is Confidence.CERTAIN:
                findings[key] = one
            if image not in having.setdefault(key, [])[-1:]:
                having[key].append(image)
    told = (Told(finding, tuple(having[key])) for key, finding in findings.items())
    return tuple(sorted(told, key=lambda one: (one.finding.severity.rank, one.finding.confidence.value)))


def steps_once(images: Iterable[ImageReport]) -> tuple[Unchecked, ...]:
    """The steps that cost something, each once with all that it costs, the costliest first."""
    found: dict[object, Unchecked] = {}
    for image in images:
        for one in image.unknowns:
            key = (one.reason, one.location)
            before = found.get(key, Unchecked(one.reason, one.location))
            found[key] = replace(
                before,
                own=tuple(dict.fromkeys((*before.own, *one.own))),
                packages=tuple(dict.fromkeys((*before.packages, *one.packages))),
            )
    costly = (one for one in found.values() if one.costs)
    return tuple(sorted(costly, key=lambda one: (-len(one.own), -len(one.packages))))
