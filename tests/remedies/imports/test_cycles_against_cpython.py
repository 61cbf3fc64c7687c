"""A circular import is fixed so that real CPython starts, and prints what it should; twice changes nothing."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from parity import pipeline
from parity.config.settings import ImageSettings, Settings
from parity.model.change import Choice, Fixes
from parity.model.finding import Severity
from parity.model.report import Report
from tests.remedies.imports.circular import package
from tests.support.cpython import write

PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
DOCKERFILE = f'FROM python:{PYTHON}-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'


def fixed(folder: Path) -> Fixes:
    fixes = pipeline.fix(Settings(folder, (ImageSettings("/Dockerfile", "/"),)), Choice(unsafe=True))
    for change in fixes.changes:
        (folder / change.path).write_bytes(change.after)
    return fixes


def codes(report: Report) -> Counter[str]:
    return Counter(finding.code for image in report.images for finding in image.findings)


def started(folder: Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-B", "-s", "-E", "main.py"], cwd=folder, capture_output=True, text=True, timeout=20
    )
    return done.returncode, done.stdout, done.stderr


def judged(number: int) -> str:
    """What happened to the package of this number: "healthy", "fixed" or "left"."""
    drawn = package(Random(number))
    with TemporaryDirectory() as name:
        folder = Path(name)
        write({"Dockerfile": DOCKERFILE, **drawn.files}, folder)
        fixes = fixed(folder)
        left = {finding.fingerprint for image in fixes.after.images for finding in image.findings}
        assert not left & {finding.fingerprint for finding in fixes.resolved}
        assert not codes(fixes.after) - codes(fixes.before) - Counter({"PAR302": 9, "PAR303": 9})
        status, printed, said = started(folder)
        if fixes.after.count(Severity.ERROR):
            assert status == 1
            assert "partially initialized module" in said
        else:
            assert (status, printed, said) == (0, drawn.printed, "")
        again = fixed(folder)
        assert again.changes == ()
        assert again.before.images == fixes.after.images
    if not fixes.changes:
        return "left" if fixes.after.count(Severity.ERROR) else "healthy"
    return "fixed" if fixes.before.count(Severity.ERROR) else "fragile"


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1 << 32))
def test_it_starts_and_prints_what_it_should(number: int) -> None:
    judged(number)


def test_there_are_cycles_among_them() -> None:
    assert {judged(number) for number in range(8)} >= {"fixed", "healthy"}
