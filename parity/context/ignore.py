"""Which paths does an ignore file keep out of the build context, and which line decides?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct, field
from pathspec.pattern import Pattern

from parity.model.errors import ParityError
from parity.model.location import Location
from parity.patterns.automaton import Automaton, States
from parity.patterns.go_regexp import LARGEST, ExpressionError, NotEvaluatedError, Sequence, alternatives
from parity.patterns.moby import SPACE, MatchType, clean, is_well_formed, translate

_LONGEST_LINE = 64 * 1024 - 1  # bytes before the newline; Go: bufio.MaxScanTokenSize
_MOST_RULES = 20_000
_LARGEST_FILE = 4 * 1024 * 1024  # bytes
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_INVALID_BYTES = dict.fromkeys(range(0xDC80, 0xDD00), "\ufffd")


class IgnoreRule(Struct, frozen=True):
    """One pattern, cleaned and without its `!`.

    `line` from 1 (0: not from a file); `text` as it stands in the file, trimmed.
    """

    pattern: str
    exception: bool
    line: int
    text: str


class IgnoreFile(Struct, frozen=True):
    """The rules in order; `path` relative to the project root, "" where there is no ignore file."""

    path: str
    rules: tuple[IgnoreRule, ...]


NOTHING_IGNORED = IgnoreFile("", ())


class Verdict(Struct, frozen=True):
    """Is a path ignored, and by which rule; for a path that is kept, the exception that saves it, if any."""

    ignored: bool
    rule: IgnoreRule | None = None


@lru_cache(maxsize=_MOST_RULES)
def _compiled(pattern: str) -> tuple[MatchType, tuple[Sequence, ...]]:
    kind, expression = translate(pattern)
    return kind, alternatives(expression) if expression else ()


class DockerPattern(Pattern):
    """One pattern in Docker's language, which is not Git's: `foo` does not match `sub/foo`.

    Raises ParityError for a pattern that fails the build once it is evaluated: a reversed range.
    """

    __slots__ = ("_automaton", "kind", "pattern", "sequences")

    def __init__(self, pattern: str, *, exception: bool = False) -> None:
        super().__init__(not exception)
        self.pattern = pattern
        try:
            self.kind, self.sequences = _compiled(pattern)
        except ExpressionError:
            raise ParityError(f"syntax error in pattern {pattern!r}") from None
        except NotEvaluatedError as construct:
            raise ParityError(f"pattern {pattern!r} cannot be evaluated: {construct}") from None
        self._automaton: Automaton | None = None

    def match_file(self, file: str) -> bool | None:
        """True if the pattern matches this very path (relative, with `/`), not a parent of it; else None."""
        match self.kind:
            case MatchType.EXACT:
                found = file == self.pattern
            case MatchType.PREFIX:
                found = file.startswith(self.pattern[:-2])
            case MatchType.SUFFIX:
                found = file.endswith(self.pattern[2:]) or "/" + file == self.pattern[2:]
            case MatchType.REGEXP:
                if self._automaton is None:
                    self._automaton = Automaton((0, sequence) for sequence in self.sequences)
                states = self._automaton.read(self._automaton.start, file)
                found = any(True for _ in self._automaton.matches(states))
        return found or None


def read_ignore_file(data: bytes, path: str) -> IgnoreFile:
    """The rules of an ignore file shown as `path`. Raises ParityError for what fails the build."""
    lines = _read(data, path)
    if all(text.isascii() for _, text in lines):
        for line, text in lines:
            if not text.isprintable():
                # BuildKit: filesync sends plain ASCII patterns as gRPC headers: no control characters.
                raise ParityError(
                    "exclude pattern contains non-printable ASCII characters", Location(path, line)
                )
    written = data.split(b"\n")
    rules: list[IgnoreRule] = []
    length = 0
    for line, text in lines:
        shown = written[line - 1].decode("utf8", "surrogateescape").strip("\ufeff" + SPACE)
        location = Location(path, line)
        rule = rule_of(text, location, shown)
        if rule is not None:
            rules.append(rule)
            length += _length(rule.pattern)
        if length > LARGEST or len(rules) > _MOST_RULES:
            raise ParityError("more patterns than can be evaluated", location)
    return IgnoreFile(path, tuple(rules))


def _length(pattern: str) -> int:
    """Items of its expression: what it costs to evaluate."""
    try:
        return sum(map(len, DockerPattern(pattern).sequences))
    except ParityError:
        return 0


def _read(data: bytes, path: str) -> list[tuple[int, str]]:
    """Lines and patterns (moby/patternmatcher: `ignorefile.ReadAll`)."""
    if len(data) > _LARGEST_FILE:
        raise ParityError("the ignore file is too large to be evaluated", Location(path))
    found: list[tuple[int, str]] = []
    for line, raw in enumerate(data.split(b"\n"), 1):
        if len(raw) > _LONGEST_LINE:
            name = path.rpartition("/")[2]
            raise ParityError(f"failed parsing {name}: bufio.Scanner: token too long", Location(path, line))
        raw = raw.removesuffix(b"\r")
        if line == 1:
            raw = raw.removeprefix(_BYTE_ORDER_MARK)
        if not raw or raw.startswith(b"#"):
            continue
        # BuildKit: the patterns travel as JSON, where each invalid byte becomes U+FFFD.
        text = raw.decode("utf8", "surrogateescape").translate(_INVALID_BYTES).strip(SPACE)
        if not text:
            continue
        mark = "!" if text.startswith("!") else ""
        text = text.removeprefix(mark).strip(SPACE)
        if text:
            text = clean(text)
            text = text[1:] if text.startswith("/") and text != "/" else text
        found.append((line, mark + text))
    return found


def rule_of(pattern: str, location: Location | None = None, text: str = "") -> IgnoreRule | None:
    """The rule of one pattern that is not read from a file (`COPY --exclude`); None if it is blank.

    moby/patternmatcher: `New`. A leading slash stays, and cleaning happens with the mark still on.
    Raises ParityError, at `location`, for a pattern that fails the build.
    """
    pattern = pattern.strip(SPACE)
    if not pattern:
        return None
    pattern = clean(pattern)
    if pattern == "!":
        raise ParityError('illegal exclusion pattern: "!"', location)
    exception = pattern.startswith("!")
    rule = IgnoreRule(pattern.removeprefix("!"), exception, location.line if location else 0, text or pattern)
    if not is_well_formed(rule.pattern):
        raise ParityError(f"syntax error in pattern {rule.pattern!r}", location)
    return rule


class _Folder(Struct):
    """What is known of a folder on the way down.

    `states`   of the automaton behind `folder/`
    `hits`     the rules that hit it or were handed down, by moby's walking form
    `matches`  the rules that match it or a parent of it
    `closed`   it is ignored, and the walk does not enter it
    """

    states: States
    hits: frozenset[int] = frozenset()
    matches: frozenset[int] = frozenset()
    verdict: Verdict = field(default=Verdict(False))
    closed: bool = False


class Matcher:
    """The rules applied to paths, one at a time; remembers the folders on the way, nothing else.

    Paths are relative to the context (or to the folder that `--exclude` speaks of): `src/a.py`, "" the root.
    moby/patternmatcher compiles a pattern when it comes to it, so one that does not compile fails the build
    at the first path whose verdict it could change: there any question raises ParityError. `path` names the
    file of the rules.
    """

    def __init__(self, rules: Iterable[IgnoreRule], path: str = "") -> None:
        self.rules = tuple(rules)
        self._exact: dict[str, list[int]] = {}
        self._prefixes: dict[str, list[int]] = {}
        self._suffixes: dict[str, list[int]] = {}
        self._path = path
        self._broken: dict[int, str] = {}
        sequences: list[tuple[int, Sequence]] = []
        for number, rule in enumerate(self.rules):
            try:
                pattern = DockerPattern(rule.pattern, exception=rule.exception)
            except ParityError as error:
                self._broken[number] = error.message
                continue
            match pattern.kind:
                case MatchType.EXACT:
                    self._exact.setdefault(rule.pattern, []).append(number)
                case MatchType.PREFIX:
                    self._prefixes.setdefault(rule.pattern[:-2], []).append(number)
                case MatchType.SUFFIX:
                    self._suffixes.setdefault(rule.pattern[2:], []).append(number)
                    if rule.pattern.startswith("**/"):
                        self._exact.setdefault(rule.pattern[3:], []).append(number)
                case MatchType.REGEXP:
                    sequences.extend((number, sequence) for sequence in pattern.sequences)
        self._prefix_lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._suffix_lengths = sorted({len(suffix) for suffix in self._suffixes})
        self._automaton = Automaton(sequences)
        self._folders = {"": _Folder(self._automaton.start)}
        self._exceptions = sorted(
            _without_trailing_glob(rule.pattern) + "/" for rule in self.rules if rule.exception
        )
        self._wildcard_exceptions = any(set(exception) & set("*[]?^\\") for exception in self._exceptions)

    @property
    def may_fail(self) -> bool:
        """Is there a rule that fails the build where it is evaluated?"""
        return bool(self._broken)

    def verdict(self, path: str) -> Verdict:
        """What the walk over the context decides (moby/patternmatcher: `MatchesUsingParentResults`).

        A rule that was skipped on a folder, because it could not change anything there, is not handed down.
        """
        if not path:
            return Verdict(False)
        parent, _, name = path.rpartition("/")
        folder = self._folder(parent)
        if folder.closed:
            return folder.verdict
        return self._judge(self._matches(path, self._automaton.read(folder.states, name)), folder.hits)[0]

    def opening_verdict(self, path: str) -> Verdict:
        """What decides when a listed file is opened (moby/patternmatcher: `MatchesOrParentMatches`).

        A rule hits if it matches the path or any parent. Where this ignores what the walk keeps, BuildKit
        sends an empty file (fsutil: `filterFS.Open` refuses, the sender goes on).
        """
        parent, _, name = path.rpartition("/")
        folder = self._folder(parent)
        matches = self._matches(path, self._automaton.read(folder.states, name))
        return self._judge(matches | folder.matches, frozenset())[0]

    def may_reinclude_below(self, path: str) -> bool:
        """Can anything below this ignored folder be kept? If not, the walk does not enter it.

        fsutil: `filterFS.Walk`; an exception is literal if a trailing `/*` or `/**` is its only wildcard.
        """
        if self._wildcard_exceptions:
            return True
        # Of the sorted ones, those that begin with the path stand together, from its own place on.
        at = bisect_left(self._exceptions, path + "/")
        return at < len(self._exceptions) and self._exceptions[at].startswith(path + "/")

    def _folder(self, path: str) -> _Folder:
        known = self._folders.get(path)
        if known is not None:
            return known
        at = path.rfind("/")
        while at > 0 and path[:at] not in self._folders:
            at = path.rfind("/", 0, at)
        folder = self._folders[path[: max(at, 0)]]
        while at < len(path):
            start = at + 1
            at = path.find("/", start)
            at = len(path) if at < 0 else at
            folder = self._folders[path[:at]] = self._enter(folder, path[:at], path[start:at])
        return folder

    def _enter(self, parent: _Folder, path: str, name: str) -> _Folder:
        states = self._automaton.read(parent.states, name)
        matches = self._matches(path, states)
        states = self._automaton.read(states, "/")
        if parent.closed:
            return _Folder(states, parent.hits, matches | parent.matches, parent.verdict, closed=True)
        verdict, hits = self._judge(matches, parent.hits)
        closed = verdict.ignored and not self.may_reinclude_below(path)
        return _Folder(states, hits, matches | parent.matches, verdict, closed)

    def _matches(self, path: str, states: States) -> frozenset[int]:
        """The rules that match this very path; `states` are the automaton's behind it."""
        found = set(self._automaton.matches(states))
        found.update(self._exact.get(path, ()))
        for length in self._prefix_lengths:
            found.update(self._prefixes.get(path[:length], ()))
        for length in self._suffix_lengths:
            if length <= len(path):
                found.update(self._suffixes.get(path[len(path) - length :], ()))
        return frozenset(found)

    def _judge(self, matches: frozenset[int], inherited: frozenset[int]) -> tuple[Verdict, frozenset[int]]:
        """The verdict, and the rules that hit."""
        ignored = False
        decisive: IgnoreRule | None = None
        hits = set(inherited)
        for number in sorted((matches | inherited).union(self._broken)):
            rule = self.rules[number]
            changes = rule.exception == ignored
            if changes and number in self._broken:
                raise ParityError(self._broken[number], Location(self._path, rule.line))
            if not changes and number not in inherited:
                continue
            hits.add(number)
            if changes:
                ignored = not ignored
                decisive = rule
        return Verdict(ignored, decisive), frozenset(hits)


def _without_trailing_glob(pattern: str) -> str:
    return pattern.removesuffix("/**").removesuffix("/*")
