"""Which edits resolve the findings? They are made in memory, and the question is asked again."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from parity.model.change import Change, Choice, Done, Fixes
from parity.model.report import Report
from parity.model.rule_code import names_rule
from parity.remedies.trial.attempt import Attempts, State
from parity.remedies.trial.findings import Key, all_findings
from parity.tree.base import FileTree
from parity.tree.edited import EditedTree
from parity.tree.links import follow

MOST_ROUNDS = 4
"""What ends one finding may let the next be told."""


def fixes_for(
    checkout: FileTree,
    check: Callable[[FileTree], Report],
    judge: Callable[[FileTree], Report],
    choice: Choice,
) -> Fixes:
    """Only edits after which their finding is gone and no other came.

    `check` reports what is to be fixed; `judge` all that can be found, if that is more.
    """
    before = check(checkout)
    start = State({}, judge(checkout))
    safe = _fixed(Attempts(checkout, judge, choice), check, start)
    every = safe
    if not choice.unsafe:
        every = _fixed(Attempts(checkout, judge, replace(choice, unsafe=True)), check, safe)
    after = check(EditedTree(checkout, safe.contents))
    left = {key for key, _ in all_findings(after)}
    changes = _changes(checkout, State({}, before), safe)
    resolved = tuple(finding for key, finding in all_findings(before) if key not in left)
    return Fixes(changes, resolved if changes else (), before, after, _changes(checkout, safe, every))


def _fixed(attempts: Attempts, check: Callable[[FileTree], Report], state: State) -> State:
    for _ in range(MOST_ROUNDS):
        wanted = _wanted(check(EditedTree(attempts.checkout, state.contents)), attempts.choice)
        changed = attempts.one_by_one(attempts.all_at_once(state, wanted), wanted)
        if changed.contents == state.contents:
            break
        state = changed
    return state


def _wanted(report: Report, choice: Choice) -> frozenset[Key]:
    return frozenset(
        key
        for key, finding in all_findings(report)
        if not choice.only or any(names_rule(word, finding.code, finding.name) for word in choice.only)
    )


def _changes(checkout: FileTree, before: State, after: State) -> tuple[Change, ...]:
    """What differs, by path; a link's edits are those of the file it leads to."""
    done = after.done[len(before.done) :]
    changed = []
    for path in sorted(after.contents):
        old = before.contents.get(path)
        original = checkout.read(path) if old is None else old
        if isinstance(original, bytes) and original != after.contents[path]:
            why = tuple(one for one in done if path in _files(checkout, one))
            changed.append(Change(path[1:], original, after.contents[path], why))
    return tuple(changed)


def _files(checkout: FileTree, one: Done) -> set[str]:
    return {follow(checkout, "/" + edit.path).path for edit in one.remedy.edits}
