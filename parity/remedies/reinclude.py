"""Which lines of the ignore file bring a path back into the build context, and nothing else?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from parity.context.build_context import BuildContext
from parity.context.ignore import IgnoreFile, IgnoreRule, Matcher, rule_of
from parity.model.errors import ParityError
from parity.model.finding import Edit
from parity.model.location import Location, Unknown
from parity.tree.base import Entry, FileKind, join

MOST_BELOW = 5_000
"""Files and folders below a folder that are compared before a promise is made about them."""
WILDCARD = re.compile(r"([\\*?\[\]])")


class Readmission(Struct, frozen=True):
    """Lines to add below the line `below` of the ignore file; none: that line is to be removed."""

    path: str
    below: int
    lines: tuple[str, ...]
    removed: str = ""

    @property
    def text(self) -> str:
        """The sentence for people."""
        if not self.lines:
            return f"{self.path}:{self.below}: remove the line {self.removed}"
        noun = "line" if len(self.lines) == 1 else "lines"
        return f"{self.path}:{self.below}: add the {noun} {', '.join(self.lines)} below it"

    @property
    def edits(self) -> tuple[Edit, ...]:
        if not self.lines:
            return (Edit(self.path, self.below, self.below, ""),)
        added = "".join(line + "\n" for line in self.lines)
        return (Edit(self.path, self.below + 1, self.below, added),)


def reinclude(context: BuildContext, path: str) -> Readmission | None:
    """An exception for the context path `path` (absolute in the context) and all below it.

    A line that names just this path is removed instead.

    What other rules keep out below it stays out: their lines are repeated below the exception where that is
    needed. None where no line does it for certain, tried out on the files that are there, and where nothing
    hides the path.
    """
    if context.hidden_by(path) is None:
        return None
    written = WILDCARD.sub(r"\\\1", path[1:])
    if not written.isprintable() or written != written.strip() or written.startswith("!"):
        return None
    try:
        return _without_its_line(context, path) or _tried(context, path, f"!{written}")
    except ParityError:
        return None  # the ignore file has a pattern that fails the build


def _without_its_line(context: BuildContext, path: str) -> Readmission | None:
    """Where one rule alone hides the path, and says nothing else."""
    rules = context.ignore.rules
    left = _others(rules, path[1:])
    hiding = [rule for rule in rules if rule not in left]
    if len(left) != len(rules) - 1 or len(hiding) != 1 or hiding[0].pattern != path[1:]:
        return None
    if WILDCARD.search(path) or not _lets_in(context, path, left):
        return None
    return Readmission(context.ignore.path, hiding[0].line, (), hiding[0].text)


def _lets_in(context: BuildContext, path: str, rules: tuple[IgnoreRule, ...]) -> bool:
    kept = BuildContext(context.tree, context.root, IgnoreFile(context.ignore.path, rules)).lookup(path)
    return isinstance(kept, Entry) and kept.content != b""


def _tried(context: BuildContext, path: str, line: str) -> Readmission | None:
    rules = context.ignore.rules
    exception = rule_of(line, Location(context.ignore.path))
    if exception is None:
        return None
    at = _place(rules, exception, path[1:])
    if at is None:
        return None
    wanted = Matcher(_others(rules, path[1:]))
    below = _below(context, path)
    if below is None:
        return None
    again: list[IgnoreRule] = []
    for one in below:
        rule = wanted.verdict(one[1:]).rule
        if wanted.verdict(one[1:]).ignored and rule is not None and rule in rules[:at] and rule not in again:
            again.append(rule)
    again.sort(key=rules.index)
    if again and any(rule.exception for rule in rules[rules.index(again[0]) : at]):
        return None  # repeated below that exception, a rule would say something new elsewhere
    made = (*rules[:at], exception, *again, *rules[at:])
    matcher = Matcher(made)
    if not _lets_in(context, path, made):
        return None
    if any(matcher.verdict(one[1:]).ignored != wanted.verdict(one[1:]).ignored for one in below):
        return None
    lines = (line, *(rule.text for rule in again))
    return Readmission(context.ignore.path, rules[at - 1].line, lines)


def _place(rules: tuple[IgnoreRule, ...], exception: IgnoreRule, path: str) -> int | None:
    """Below which rule the exception is the last word on the path: the first such place from above."""
    deciding = Matcher(rules).verdict(path).rule
    at = 0
    while deciding is not None and deciding in rules[at:]:
        at = rules.index(deciding, at) + 1
        verdict = Matcher((*rules[:at], exception, *rules[at:])).verdict(path)
        if not verdict.ignored:
            return at
        deciding = verdict.rule
    return None


def _others(rules: tuple[IgnoreRule, ...], path: str) -> tuple[IgnoreRule, ...]:
    """The rules without those that keep out the path itself."""
    left = list(rules)
    while True:
        verdict = Matcher(left).verdict(path)
        if not verdict.ignored or verdict.rule is None:
            return tuple(left)
        left.remove(verdict.rule)


def _below(context: BuildContext, path: str) -> tuple[str, ...] | None:
    """The path and everything below it in the checkout; None if that is too much or cannot be listed."""
    found: list[str] = []
    for one in _walk(context, path):
        if one is None or len(found) == MOST_BELOW:
            return None
        found.append(one)
    return tuple(found)


def _walk(context: BuildContext, path: str) -> Iterator[str | None]:
    waiting = [path]
    while waiting:
        one = waiting.pop()
        yield one
        answer = context.tree.lookup(context.checkout_path(one))
        if isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY:
            names = context.tree.names(context.checkout_path(one))
            if isinstance(names, Unknown):
                yield None
                return
            waiting.extend(join(one, name) for name in sorted(names))
