"""Which way out of a cycle works? Each is tried: the edits are made in memory, and everything is checked again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, field

from parity.model.finding import Finding
from parity.model.report import ImageReport, Report
from parity.model.version import PythonVersion
from parity.remedies.break_cycle import ways_out
from parity.remedies.edits import made
from parity.remedies.findings import Key, findings_of
from parity.tree.base import FileTree
from parity.tree.edited import EditedTree

MOST_TRIES = 10
"""Checks for one finding: a check of a large project takes seconds."""
MOST_IN_ALL = 60
DEEPEST = 3
"""Imports that are moved for one finding: behind the name that fails, the next of its statement may fail."""
Contents = Mapping[str, bytes]


class Attempts(Struct):
    """Breaks the cycles of a project, one after the other.

    `judge` reports everything that it finds in the files, whatever the user asked for.
    """

    checkout: FileTree
    judge: Callable[[FileTree], Report]
    left: int = MOST_IN_ALL

    def made(self, contents: Contents, wanted: frozenset[Key]) -> Contents:
        """The contents of edited files by path, with those of `contents`; only `wanted` findings are fixed.

        A way is taken if the finding is gone, no module is left out of the start-up, and nothing new is found,
        or at worst a lesser word on the cycle: that it no longer crashes is what lets it be told.
        """
        if not wanted:
            return contents
        report = self.judge(EditedTree(self.checkout, contents))
        given_up: set[Key] = set()
        while self.left > 0:
            todo = next(
                (one for one in _closing(report) if one.key in wanted and one.key not in given_up), None
            )
            if todo is None:
                break
            found = _Search(self, todo, report).best(contents)
            if found is None:
                given_up.add(todo.key)
                continue
            contents, report = found
            given_up.clear()
        return contents

    def report(self, contents: Contents) -> Report:
        self.left -= 1
        return self.judge(EditedTree(self.checkout, contents))


class _Closing(Struct, frozen=True):
    """A finding about a cycle that the image's start-up has."""

    key: Key
    finding: Finding
    python: PythonVersion | None


def _closing(report: Report) -> Iterator[_Closing]:
    for image in report.images:
        python = PythonVersion.parse(image.python or "")
        for key, finding in findings_of(image):
            if finding.cycle_imports:
                yield _Closing(key, finding, python)


class _Search(Struct):
    attempts: Attempts
    goal: _Closing
    before: Report
    known: set[Key] = field(default_factory=set)
    tries: int = MOST_TRIES
    second_best: tuple[Contents, Report] | None = None

    def __post_init__(self) -> None:
        self.known = {key for image in self.before.images for key, _ in findings_of(image)}

    def best(self, contents: Contents) -> tuple[Contents, Report] | None:
        """The first way that leaves nothing behind, else the first that leaves the cycle behind, harmless."""
        return self._from(contents, self.goal, 1) or self.second_best

    def _from(self, contents: Contents, closing: _Closing, depth: int) -> tuple[Contents, Report] | None:
        tree = EditedTree(self.attempts.checkout, contents)
        for edits in ways_out(tree, closing.finding, closing.python):
            if self.tries <= 0 or self.attempts.left <= 0:
                return None
            self.tries -= 1
            changed = {**contents, **made(tree, edits)}
            report = self.attempts.report(changed)
            if len(report.failures) > len(self.before.failures) or not _reaches_as_much(report, self.before):
                continue
            found = {key: finding for image in report.images for key, finding in findings_of(image)}
            new = {key: finding for key, finding in found.items() if key not in self.known}
            if self.goal.key not in found:
                if not new:
                    return changed, report
                if all(self._is_lesser(finding) for finding in new.values()):
                    self.second_best = self.second_best or (changed, report)
                    continue
            if depth == DEEPEST:
                continue
            behind = next(
                (
                    one
                    for one in _closing(report)
                    if one.key in new or (one.key == self.goal.key and one.finding != closing.finding)
                ),
                None,
            )
            if behind is not None:
                further = self._from(changed, behind, depth + 1)
                if further is not None:
                    return further
        return None

    def _is_lesser(self, finding: Finding) -> bool:
        cause, goal = finding.cause, self.goal.finding
        return (
            cause is not None
            and goal.cause is not None
            and cause.kind is goal.cause.kind
            and finding.severity.rank > goal.severity.rank
        )


def _reaches_as_much(report: Report, before: Report) -> bool:
    """A module that is imported later only may have had to be there: it registers something."""

    def by_image(images: tuple[ImageReport, ...]) -> dict[tuple[object, ...], set[str]]:
        return {(one.dockerfile, one.target, one.names): set(one.sources) for one in images}

    after = by_image(report.images)
    return all(sources <= after.get(image, set()) for image, sources in by_image(before.images).items())
