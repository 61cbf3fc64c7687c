"""A prediction that was wrong, as a case that can be reported: one text with the project's files that decide it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from parity import __version__
from parity.model.report import ImageReport
from parity.model.start_test import Agreement, ImageTests, Tried
from parity.tree.base import FileTree

MOST_BYTES = 100_000
"""Of the files in a case."""


def case_of(tests: ImageTests, tried: Iterable[Tried], report: ImageReport, checkout: FileTree) -> str:
    """The form is that of `fixtures/conformance`; an empty text where no prediction was wrong."""
    wrong = [one for one in tried if one.agreement is Agreement.NO]
    if not wrong:
        return ""
    lines = list(_header(tests, wrong, report))
    left, left_out = MOST_BYTES, 0
    for name in report.sources:
        data = checkout.read(f"/{name}")
        if not isinstance(data, bytes):  # there is no ignore file, as is usual
            continue
        if len(data) > left:
            left_out += 1
            continue
        left -= len(data)
        lines += [f"-- {name} --", *data.decode("utf8", "replace").splitlines()]
    if left_out:
        lines.append(f"# left out: {left_out} files")
    return "\n".join((*lines, ""))


def _header(tests: ImageTests, wrong: Iterable[Tried], report: ImageReport) -> Iterator[str]:
    yield "# why: check and the container disagree"
    yield f"# parity: {__version__}"
    yield f"# dockerfile: {tests.dockerfile}"
    yield f"# context: {tests.context}"
    if tests.target is not None:
        yield f"# target: {tests.target}"
    yield from (f"# build-arg: {name}={value}" for name, value in tests.build_args)
    yield f"# verdict: {report.verdict.value}"
    for one in wrong:
        outcome = one.outcome
        yield f"# start: {shlex.join(one.test.command)}"
        yield f"# test: {shlex.join(one.test.argv)}"
        raised = f"{outcome.exception}: {outcome.text}" if outcome.exception else f"status {outcome.status}"
        yield f"# happened: {'it starts' if outcome.passed else raised}"
        yield f"# said: {one.why}"
