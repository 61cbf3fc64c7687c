"""Which part of a folder is copied: all but what `--exclude` names, or what `--parents` names alone.

Both speak the language of ignore files, relative to the folder (BuildKit: fsutil copy: ExcludePatterns,
IncludePatterns).
"""

from __future__ import annotations

from parity.context.build_context import BuildContext
from parity.context.ignore import IgnoreRule, Matcher, Verdict, rule_of
from parity.model.location import Location, Unknown
from parity.tree.base import ABSENT, Absent, Answer, Entry, FileTree, child, join


class PartialTree:
    """A folder of another tree, less some of it; the rest is as it is there. `reason`: why the rest is missing."""

    reason = ""

    def __init__(self, tree: FileTree, folder: str) -> None:
        self.tree = tree
        self.folder = folder

    def source_path(self, path: str) -> str:
        """The path in `tree` of a path of this tree."""
        return join(self.folder, path.lstrip("/"))

    def read(self, path: str) -> bytes | Unknown:
        return self.tree.read(self.source_path(path))


class ChosenTree(PartialTree):
    """What the patterns leave of a folder."""

    def __init__(self, tree: FileTree, folder: str, choice: Choice) -> None:
        super().__init__(tree, folder)
        self.reason = choice.reason
        self._kept = BuildContext(tree, folder, matcher=choice)
        self._memo: dict[str, Answer] = {}

    def lookup(self, path: str) -> Answer:
        known = self._memo.get(path)
        if known is None:
            kept = self._kept.lookup(path)
            known = self.tree.lookup(self.source_path(path)) if isinstance(kept, Entry) else kept
            self._memo[path] = known
        return known

    def names(self, path: str) -> frozenset[str] | Unknown:
        names = self.tree.names(self.source_path(path))
        if isinstance(names, Unknown):
            return names
        return frozenset(name for name in names if not isinstance(self.lookup(child(path, name)), Absent))


class LackingTree(PartialTree):
    """A folder of another tree, less some paths (relative to it) and all below them."""

    reason = "the step that copies its folder leaves it out"

    def __init__(self, tree: FileTree, folder: str, lacking: frozenset[str]) -> None:
        super().__init__(tree, folder)
        self._lacking = lacking

    def lookup(self, path: str) -> Answer:
        return ABSENT if self._is_lacking(path) else self.tree.lookup(self.source_path(path))

    def names(self, path: str) -> frozenset[str] | Unknown:
        if self._is_lacking(path):
            return frozenset()
        names = self.tree.names(self.source_path(path))
        if isinstance(names, Unknown):
            return names
        return frozenset(name for name in names if join(path, name)[1:] not in self._lacking)

    def _is_lacking(self, path: str) -> bool:
        part = path[1:]
        while part:
            if part in self._lacking:
                return True
            part = part.rpartition("/")[0]
        return False


class Choice:
    """Judges paths as a `Matcher` does: ignored is what is not wanted, or excluded. Nothing wanted: all is."""

    def __init__(self, wanted: str | None, excluded: tuple[str, ...], location: Location) -> None:
        rules = (rule_of(pattern, location) for pattern in excluded)
        self._excluded = Matcher((rule for rule in rules if rule is not None), location.path)
        self._wanted = None if wanted is None else Matcher(_all_but(wanted, location), location.path)
        self.reason = "--exclude leaves it out" if wanted is None else "--parents does not name it"

    @property
    def may_fail(self) -> bool:
        return self._excluded.may_fail or (self._wanted is not None and self._wanted.may_fail)

    def verdict(self, path: str) -> Verdict:
        if self._wanted is not None and (verdict := self._wanted.verdict(path)).ignored:
            return verdict
        return self._excluded.verdict(path)

    def opening_verdict(self, path: str) -> Verdict:  # noqa: ARG002
        """Nothing arrives empty: what is copied is in the builder already."""
        return Verdict(False)

    def may_reinclude_below(self, path: str) -> bool:
        return all(
            not matcher.verdict(path).ignored or matcher.may_reinclude_below(path)
            for matcher in (self._wanted, self._excluded)
            if matcher is not None
        )


def _all_but(pattern: str, location: Location) -> tuple[IgnoreRule, ...]:
    rule = rule_of(pattern, location)
    everything = IgnoreRule("**", False, location.line, "**")
    return (
        (everything,) if rule is None else (everything, IgnoreRule(rule.pattern, True, rule.line, rule.text))
    )
