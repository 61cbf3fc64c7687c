"""Which edits resolve the findings? They are made in memory, and the question is asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from parity.model.change import Change, Mended
from parity.model.finding import Edit, Finding, Severity
from parity.model.report import Report
from parity.remedies.edits import applied, fitting
from parity.tree.base import Entry, FileTree
from parity.tree.edited import EditedTree
from parity.tree.links import follow

MOST_ROUNDS = 8
"""A gap behind a gap is found when the first is mended."""
Key = tuple[str, str | None, str | None, str]
"""An image and a finding in it: Dockerfile, target, compose service, fingerprint."""


def mend(checkout: FileTree, check: Callable[[FileTree], Report]) -> Mended:
    """Edits that do not end their finding, or that bring a graver one, are left out."""
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
    changes = tuple(
        Change(path[1:], original, contents[path])
        for path in sorted(contents)
        if isinstance(original := checkout.read(path), bytes) and original != contents[path]
    )
    resolved = tuple(finding for key, finding in _findings(before) if key not in left)
    return Mended(changes, resolved if changes else (), before, after)


def _rounds(
    checkout: FileTree, check: Callable[[FileTree], Report], report: Report, useless: set[Key]
) -> tuple[dict[str, bytes], set[Key], Report]:
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
        made = _made(tree, chosen)
        if not made:
            break
        contents.update(made)
        report = check(EditedTree(checkout, contents))
    return contents, tried, report


def _made(tree: FileTree, edits: tuple[Edit, ...]) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    for path in dict.fromkeys(edit.path for edit in edits):
        found = follow(tree, "/" + path)  # a link stays a link; one out of the project leads nowhere
        data = tree.read(found.path) if isinstance(found.answer, Entry) else None
        if isinstance(data, bytes):
            made[found.path] = applied(data, (edit for edit in edits if edit.path == path))
    return made


def _errors(report: Report) -> int:
    return report.count(Severity.ERROR)


def _findings(report: Report) -> Iterator[tuple[Key, Finding]]:
    for image in report.images:
        for finding in image.findings:
            yield (image.dockerfile, image.target, image.service, finding.fingerprint), finding
