"""Every conformance case starts, or fails, as the recorded container did: same exception, file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from parity.config.settings import ImageSettings, Settings
from parity.model.finding import Finding, Severity
from parity.model.report import ImageReport
from parity.pipeline import check_image
from parity.tree.base import clean
from tests.conformance.case import CASES, Case

STARTED = {case.name: case for case in CASES if "start" in case.truth}


def report_of(case: Case) -> ImageReport:
    asked = ImageSettings(
        dockerfile=clean(case.dockerfile),
        context=case.context,
        target=case.one("target"),
        build_args=tuple(case.build_args.items()),
        entrypoint=case.one("command"),
    )
    return check_image(asked, Settings(Path("/"), (asked,)), case.tree())


def is_that_failure(finding: Finding, start: dict[str, Any]) -> bool:
    """The exception of the container, in the file and on the line of its last frame inside the image."""
    file, line = start["frames"][-1] if start.get("frames") else (None, None)
    last = finding.chain[-1] if finding.chain else None
    lines = {finding.location.line if finding.location else None, last.line if last else None}
    files = {finding.image_path, last.image_path if last else None}
    same_file = file is None or file in files
    return finding.exception == start["exception"] and (line is None or line in lines) and same_file


@pytest.mark.parametrize("name", sorted(STARTED))
def test_it_starts_as_the_container_did(name: str) -> None:
    start = STARTED[name].truth["start"]
    errors = [f for f in report_of(STARTED[name]).findings if f.severity is Severity.ERROR]
    if start["exit"] == 0:
        assert errors == []
    else:
        assert any(is_that_failure(error, start) for error in errors), (start, errors)
