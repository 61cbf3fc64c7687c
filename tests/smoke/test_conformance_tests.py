"""The tests of the conformance cases: each RUN step that is printed is one that PAR801 takes for a check."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.analysis.start_check import with_start_check
from parity.config.settings import ImageSettings, Settings
from parity.deployments.service import Service
from parity.dockerfile.parse import parse
from parity.formats.smoke import dockerfile
from parity.model.location import Location
from parity.one_image import analyse
from parity.smoke.tests_of import tests_of as smoked
from parity.tree.base import clean
from tests.conformance.case import CASES

STARTED = {case.name: case for case in CASES if case.truth.get("start", {}).get("exit") == 0}
WITHOUT = frozenset(
    """
    data-log-folder-made-first entry-first-program-writes-what-second-reads
    entry-script-copies-sample-config import-argv-script-help import-contextmanager-optional import-dataclass-flag
    run-cp-onto run-useradd-home
    """.split()
)
"""Their programs import nothing, or only what may be absent or is made at the start."""
OPEN = frozenset({"run-secret-missing"})
"""A module of it may be there or not."""


@pytest.mark.parametrize("name", sorted(STARTED))
def test_the_step_is_a_check(name: str) -> None:
    case = STARTED[name]
    asked = ImageSettings(
        dockerfile=clean(case.dockerfile),
        context=case.context,
        target=case.one("target"),
        build_args=tuple(case.build_args.items()),
        entrypoint=case.one("command"),
    )
    analysis = analyse(asked, Settings(Path("/"), (asked,)), case.tree())
    tests = smoked(asked, analysis)
    assert bool(tests.tests) is (name not in WITHOUT)
    if not tests.tests:
        return
    service = Service("api", "compose.yaml", Location("compose.yaml", 1))
    parsed = parse(b"FROM base\n" + dockerfile.lines(tests).encode(), "Dockerfile")
    asked_again = with_start_check(analysis, parsed, asked.dockerfile, service, (), ())
    assert (asked_again.untried_at is not None) is (name in OPEN)
