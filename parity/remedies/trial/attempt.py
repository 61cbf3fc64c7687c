"""Does an edit end its finding? It is made in memory, and everything is checked again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from parity.model.change import Choice, Done
from parity.model.finding import CauseKind, Edit, Finding, Remedy, Severity
from parity.model.report import ImageReport, Report
from parity.model.version import PythonVersion
from parity.remedies.imports.break_cycle import ways_out
from parity.remedies.trial.edits import fitting, made
from parity.remedies.trial.findings import Key, all_findings, findings_of
from parity.startup.state.budget import Bound
from parity.tree.base import FileTree
from parity.tree.edited import EditedTree

MOST_TRIES = 12
"""Checks for one finding: a check of a large project takes seconds."""
MOST_IN_ALL = 80
CHECKS_OF_A_BOUND = 11
"""What a check that comes to the bound of steps counts for beside itself: it takes as long as one may take."""
FINDINGS_OF_A_CHECK = 1_000
"""So many findings take as long as a usual check."""
FEW = 10
"""Findings that are fixed one after the other."""
DEEPEST = 3
"""Findings that are fixed for one: behind the name that fails, the next of its statement may fail."""
Contents = Mapping[str, bytes]


class State(Struct, frozen=True):
    """The contents of edited files by path, what is found with them, and what the edits are for."""

    contents: Contents
    report: Report
    done: tuple[Done, ...] = ()


class Attempts(Struct):
    """Ends the findings of a project, one after the other.

    `judge` reports everything that it finds in the files, whatever the user asked for.
    """

    checkout: FileTree
    judge: Callable[[FileTree], Report]
    choice: Choice
    left: int = MOST_IN_ALL

    def all_at_once(self, state: State, wanted: frozenset[Key]) -> State:
        """The best edit of each finding, if together they hold.

        For many findings alone: of a few each is tried on its own, so that no edit is made that another one saves.
        """
        chosen = []
        for key, finding in all_findings(state.report):
            if key in wanted and (remedies := self.of(finding)) and not finding.cycle_imports:
                chosen.append(Done(finding, remedies[0]))
        edits = fitting(edit for done in chosen for edit in done.remedy.edits)
        if len(chosen) <= FEW or not edits:
            return state
        after = self.after(state, edits, tuple(chosen))
        known = {key for key, _ in all_findings(state.report)}
        found = {key for key, finding in all_findings(after.report) if _counts(finding)}
        ended = {
            key
            for key, finding in all_findings(state.report)
            if any(finding is done.finding for done in chosen)
        }
        return after if found <= known - ended and _holds(after.report, state.report) else state

    def one_by_one(self, state: State, wanted: frozenset[Key]) -> State:
        """The same with each wanted finding fixed that has a way which holds.

        A way holds if the finding is gone, no module is left out of the start-up, and nothing new is found, or at
        worst a lesser word on a cycle: that it no longer crashes is what lets it be told.
        """
        given_up: set[Key] = set()
        while self.left > 0:
            left = (one for one in self.closing(state.report) if one.key in wanted - given_up)
            todo = min(left, key=_breadth, default=None)
            if todo is None:
                break
            found = _Search(self, todo, state).best()
            if found is None:
                given_up.add(todo.key)
            else:
                state = found
        return state

    def single(self, state: State, key: Key) -> Remedy | None:
        """The first way of this finding that holds, if it takes no second one."""
        if self.left <= 0:
            return None
        todo = next((one for one in self.closing(state.report) if one.key == key), None)
        found = _Search(self, todo, state).best() if todo is not None else None
        return found.done[-1].remedy if found is not None and len(found.done) == 1 else None

    def after(self, state: State, edits: Sequence[Edit], done: tuple[Done, ...]) -> State:
        tree = EditedTree(self.checkout, state.contents)
        changed = {**state.contents, **made(tree, edits)}
        report = self.judge(EditedTree(self.checkout, changed))
        self.left -= _cost(report)
        return State(changed, report, (*state.done, *done))

    def of(self, finding: Finding) -> tuple[Remedy, ...]:
        """The ways of a finding that are edits and wanted."""
        return self.wanted(tuple(one for one in finding.remedies if one.edits))

    def wanted(self, ways: tuple[Remedy, ...]) -> tuple[Remedy, ...]:
        if self.choice.alternative:
            ways = ways[self.choice.alternative - 1 : self.choice.alternative]
        return tuple(one for one in ways if self.choice.unsafe or not one.unsafe)

    def closing(self, report: Report) -> Iterator[_Closing]:
        """The findings that there may be a way for."""
        for image in report.images:
            python = PythonVersion.parse(image.python or "")
            for key, finding in findings_of(image):
                if finding.cycle_imports or self.of(finding):
                    yield _Closing(key, finding, python)


def _cost(report: Report) -> int:
    """How many usual checks the one that says this counts for."""
    exhausted = any(
        Bound.STEPS.value in unknown.reason for image in report.images for unknown in image.unknowns
    )
    findings = sum(len(image.findings) for image in report.images)
    return 1 + findings // FINDINGS_OF_A_CHECK + exhausted * CHECKS_OF_A_BOUND


class _Closing(Struct, frozen=True):
    """A finding that there may be a way for."""

    key: Key
    finding: Finding
    python: PythonVersion | None


def _breadth(one: _Closing) -> int:
    """The build and the start go first, a package before the modules in it: what ends them may bring the others."""
    if one.key[3] in ("PAR601", "PAR602"):
        return -1
    path = one.finding.image_path or ""
    return path.removesuffix("/__init__.py").count("/") if one.finding.remedies else 0


class _Search(Struct):
    attempts: Attempts
    goal: _Closing
    start: State
    known: set[Key] = field(default_factory=set)
    tries: int = MOST_TRIES
    second_best: State | None = None

    def __post_init__(self) -> None:
        self.known = {key for key, _ in all_findings(self.start.report)}

    def best(self) -> State | None:
        """The first way that leaves nothing behind, else the first that leaves a cycle behind, harmless."""
        return self._from(self.start, self.goal, 1) or self.second_best

    def _from(self, state: State, closing: _Closing, depth: int) -> State | None:
        for remedy in self._ways(state, closing):
            if self.tries <= 0 or self.attempts.left <= 0:
                return None
            self.tries -= 1
            changed = self.attempts.after(state, remedy.edits, (Done(closing.finding, remedy),))
            if not _holds(changed.report, self.start.report, self.goal.finding):
                continue
            found = dict(all_findings(changed.report))
            new = {key: finding for key, finding in found.items() if key not in self.known}
            if self.goal.key not in found:
                if not any(_counts(finding) or _is_of_cycle(finding) for finding in new.values()):
                    return changed
                if all(self._is_lesser(finding) for finding in new.values()):
                    self.second_best = self.second_best or changed
                    continue
            if depth == DEEPEST:
                continue
            behind = next(
                (
                    one
                    for one in self.attempts.closing(changed.report)
                    if one.key in new or (one.key == self.goal.key and one.finding != closing.finding)
                ),
                None,
            )
            if behind is not None:
                further = self._from(changed, behind, depth + 1)
                if further is not None:
                    return further
        return None

    def _ways(self, state: State, closing: _Closing) -> Iterator[Remedy]:
        if not closing.finding.cycle_imports:
            yield from self.attempts.of(closing.finding)
            return
        tree = EditedTree(self.attempts.checkout, state.contents)
        ways = ways_out(tree, closing.finding, closing.python)
        if self.attempts.choice.alternative and closing.key == self.goal.key:
            yield from self.attempts.wanted(tuple(ways))
        else:
            yield from (one for one in ways if self.attempts.choice.unsafe or not one.unsafe)

    def _is_lesser(self, finding: Finding) -> bool:
        """Of a cycle that no longer crashes; of a file that nothing keeps out of git any more, and is to be added."""
        goal = self.goal.finding
        of_cycle = _is_of_cycle(finding) and _is_of_cycle(goal)
        same = (finding.code, finding.module) == (goal.code, goal.module)
        lesser = finding.severity.rank > goal.severity.rank
        return not _counts(finding) or (lesser and (of_cycle or same))


def _is_of_cycle(finding: Finding) -> bool:
    return finding.cause is not None and finding.cause.kind is CauseKind.CYCLE


def _counts(finding: Finding) -> bool:
    return finding.severity is not Severity.INFO


def _holds(report: Report, before: Report, goal: Finding | None = None) -> bool:
    """Is as much of each image looked at as before? What is not reached any more is no longer found fault with.

    Each module that a cycle's start-up reached is to be there: it may register something. Another failure's end may
    lead the start-up to other modules, but not to fewer.
    """
    if len(report.failures) > len(before.failures):
        return False
    after = {_name(image): image for image in report.images}
    of_cycle = goal is not None and _is_of_cycle(goal)
    return all(
        (now := after.get(_name(image))) is not None
        and len(now.sources) >= len(image.sources)
        and (not of_cycle or set(image.sources) <= set(now.sources))
        and now.checked.modules_open <= image.checked.modules_open
        for image in before.images
    )


def _name(image: ImageReport) -> tuple[object, ...]:
    return image.dockerfile, image.target, image.names
