"""Which edits resolve the findings? They are made in memory, and the question is asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from parity.model.change import Change, Fixes
from parity.model.finding import Finding, Severity
from parity.model.report import Report
from parity.remedies.attempt import Attempts
from parity.remedies.edits import fitting, made
from parity.remedies.findings import Key, findings_of
from parity.tree.base import FileTree
from parity.tree.edited import EditedTree

MOST_ROUNDS = 8
"""A gap behind a gap is found when the first is fixed."""


def fixes_for(
    checkout: FileTree, check: Callable[[FileTree], Report], judge: Callable[[FileTree], Report] | None = None
) -> Fixes:
    """Edits that do not end their finding, or that bring a graver one, are left out.

    `check` reports what is to be fixed; `judge` all that can be found, if that is more.
    """
    before = check(checkout)
    useless: set[Key] = set()
    while True:
        contents, tried, after = _rounds(checkout, check, before, useless)
        left = {key for key, _ in _findings(after)}
        failed = {key for key in tried if key in left}
        if len(after.failures) > len(before.failures) or _errors(after) > _errors(before):
            failed = tried
        if not failed:
            break
        useless |= failed
    contents, after = _without_cycles(checkout, check, judge or check, contents, after)
    left = {key for key, _ in _findings(after)}
    changes = tuple(
        Change(path[1:], original, contents[path])
        for path in sorted(contents)
        if isinstance(original := checkout.read(path), bytes) and original != contents[path]
    )
    resolved = tuple(finding for key, finding in _findings(before) if key not in left)
    return Fixes(changes, resolved if changes else (), before, after)


def _rounds(
    checkout: FileTree, check: Callable[[FileTree], Report], report: Report, useless: set[Key]
) -> tuple[Mapping[str, bytes], set[Key], Report]:
    """The contents after as many rounds as bring something new, whose findings were tried, what is left."""
    contents: dict[str, bytes] = {}
    tried: set[Key] = set()
    for _ in range(MOST_ROUNDS):
        tree = EditedTree(checkout, contents)
        wanted = [
            (key, finding)
            for key, finding in _findings(report)
            if finding.edits and key not in useless | tried
        ]
        chosen = fitting(edit for _, finding in wanted for edit in finding.edits)
        tried |= {key for key, finding in wanted if all(edit in chosen for edit in finding.edits)}
        changed = made(tree, chosen)
        if not changed:
            break
        contents.update(changed)
        report = check(EditedTree(checkout, contents))
    return contents, tried, report


def _without_cycles(
    checkout: FileTree,
    check: Callable[[FileTree], Report],
    judge: Callable[[FileTree], Report],
    contents: Mapping[str, bytes],
    report: Report,
) -> tuple[Mapping[str, bytes], Report]:
    """The same with the cycles broken; one that no longer crashes may still be fragile, and is asked about again."""
    attempts = Attempts(checkout, judge)
    while True:
        wanted = frozenset(key for key, finding in _findings(report) if finding.cycle_imports)
        changed = attempts.made(contents, wanted)
        if changed == contents:
            return contents, report
        contents, report = changed, check(EditedTree(checkout, changed))


def _errors(report: Report) -> int:
    return report.count(Severity.ERROR)


def _findings(report: Report) -> Iterator[tuple[Key, Finding]]:
    for image in report.images:
        yield from findings_of(image)
