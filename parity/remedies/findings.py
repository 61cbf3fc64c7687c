"""What tells one finding of a report from another?"""

from __future__ import annotations

from collections.abc import Iterator

from parity.model.finding import Finding
from parity.model.report import ImageReport

Key = tuple[str, str | None, tuple[str, ...], str]
"""An image and a finding in it: Dockerfile, target, names, fingerprint."""


def findings_of(image: ImageReport) -> Iterator[tuple[Key, Finding]]:
    for finding in image.findings:
        yield (image.dockerfile, image.target, image.names, finding.fingerprint), finding
