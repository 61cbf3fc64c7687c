"""What tells one finding of a report from another?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.model.finding import Finding
from parity.model.report import ImageReport, Report

Key = tuple[str, str | None, tuple[str, ...], str, str, str | None, str]
"""An image and a finding in it: Dockerfile, target, names; code, file, module, message."""
_LINE = re.compile(r"(?<=:)\d+\b")


def findings_of(image: ImageReport) -> Iterator[tuple[Key, Finding]]:
    """Lines move when a file is edited: a finding whose message tells another line is the same."""
    for finding in image.findings:
        path = finding.location.path if finding.location else ""
        message = _LINE.sub("", finding.message)
        yield (
            (image.dockerfile, image.target, image.names, finding.code, path, finding.module, message),
            finding,
        )


def all_findings(report: Report) -> Iterator[tuple[Key, Finding]]:
    """Those of every image."""
    for image in report.images:
        yield from findings_of(image)
