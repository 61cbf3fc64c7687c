from __future__ import annotations

import contextlib
import json
import re
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from parity.context.ignore import DockerPattern, IgnoreRule, Matcher, read_ignore_file, rule_of
from parity.model.errors import ParityError
from parity.model.location import Location
from parity.patterns.moby import translate
from tests.support import ignore_oracle

FIXTURES = Path(__file__).parents[2] / "fixtures"
VECTORS = json.loads((FIXTURES / "vectors/patternmatcher.json").read_text())
BAD = {"bad pattern": "syntax error in pattern", "illegal exclusion pattern": "illegal exclusion pattern"}

Row = dict[str, Any]


def rules_of(patterns: list[str]) -> list[IgnoreRule]:
    return [rule for pattern in patterns if (rule := rule_of(pattern))]


def one_parent(rules: list[IgnoreRule], path: str, initially: bool = False) -> bool:
    """The deprecated `Matches`, which looks at one parent only, and not at all at "."."""
    ignored = initially
    parts = path.split("/")[:-1]
    for rule in rules:
        pattern = DockerPattern(rule.pattern)
        depth = rule.pattern.count("/") + 1
        steps = [path, "/".join(parts[:depth])] if depth <= len(parts) else [path]
        if rule.exception == ignored and any(pattern.match_file(step) for step in steps):
            ignored = not rule.exception
    return ignored and path != "."


def parent_result(rules: list[IgnoreRule], path: str) -> bool:
    """The deprecated `MatchesUsingParentResult`: the verdict on the parent is where a path starts."""
    ignored = False
    for step in [*ignore_oracle.parents(path), path]:
        for rule in rules:
            if rule.exception == ignored and DockerPattern(rule.pattern).match_file(step):
                ignored = not rule.exception
    return ignored


def answer(function: str, rules: list[IgnoreRule], path: str) -> bool:
    if path == "/":  # no path of any context, but upstream asks
        return any(DockerPattern(rule.pattern).match_file(path) for rule in rules)
    match function:
        case "MatchesOrParentMatches":
            return Matcher(rules).opening_verdict(path).ignored
        case "MatchesUsingParentResults":
            return Matcher(rules).verdict(path).ignored
        case "MatchesUsingParentResultsNoContext":
            return Matcher(rules).verdict(path).ignored
        case "MatchesUsingParentResult":
            return parent_result(rules, path)
        case "Matches":
            return one_parent(rules, path)
    raise AssertionError(function)


MATCHES = [
    (function, row)
    for row in (*VECTORS["match"], *VECTORS["derived"]["match"])
    for function in row["functions"]
]


@pytest.mark.parametrize(
    ("function", "row"), MATCHES, ids=[f"{f} {r['patterns']} {r['path']}" for f, r in MATCHES]
)
def test_moby_match(function: str, row: Row) -> None:
    if "error" in row:
        with pytest.raises(ParityError, match=BAD[row["error"]]):
            answer(function, rules_of(row["patterns"]), row["path"])
    else:
        assert answer(function, rules_of(row["patterns"]), row["path"]) is row["expected"]


@pytest.mark.parametrize("row", VECTORS["construct"], ids=lambda row: row["test"])
def test_moby_construct(row: Row) -> None:
    if "error" in row:
        with pytest.raises(ParityError, match=row["error"]):
            rules_of(row["patterns"])
        return
    rules = rules_of(row["patterns"])
    assert len(rules) == row.get("count", len(rules))
    assert any(rule.exception for rule in rules) is row.get("has_exclusions", False)


@pytest.mark.parametrize("row", VECTORS["compile"], ids=lambda row: row["pattern"])
def test_moby_compile(row: Row) -> None:
    kind, regexp = translate(row["pattern"])
    assert (kind.value, regexp) == (row["match_type"], row.get("regexp", ""))


@pytest.mark.parametrize(
    "row", [*VECTORS["read"], *VECTORS["derived"]["read"]], ids=lambda row: repr(row["input"])
)
def test_moby_read(row: Row) -> None:
    data = (row["input"] or "").encode()
    expected = row["expected"]
    if "!" in expected:
        # The reader lets a lone mark pass; the build fails when the matcher is made.
        with pytest.raises(ParityError) as failure:
            read_ignore_file(data, ".dockerignore")
        assert failure.value.message == 'illegal exclusion pattern: "!"'
        data = b"\n".join(line for line in data.split(b"\n") if line.strip() != b"!")
        expected = [pattern for pattern in expected if pattern != "!"]
    if any(not pattern.isprintable() and pattern.isascii() for pattern in expected):
        with pytest.raises(ParityError, match="non-printable ASCII"):
            read_ignore_file(data, ".dockerignore")
        data += "\né".encode()
        expected = [*expected, "é"]
    rules = read_ignore_file(data, ".dockerignore").rules
    assert ["!" * rule.exception + rule.pattern for rule in rules] == expected


def test_a_rule_knows_its_line_and_its_text() -> None:
    ignore = read_ignore_file(
        b"\xef\xbb\xbf# build\r\n\r\n  /dist/  \r\n! ./dist/keep\n", "api/.dockerignore"
    )
    assert ignore.path == "api/.dockerignore"
    assert ignore.rules == (
        IgnoreRule("dist", False, 3, "/dist/"),
        IgnoreRule("dist/keep", True, 4, "! ./dist/keep"),
    )


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"a\n!\n", 2, 'illegal exclusion pattern: "!"'),
        (b"a\n!/\n", 2, 'illegal exclusion pattern: "!"'),
        (b"a\nfoo\\\n", 2, "syntax error in pattern 'foo\\\\'"),
        (b"\n\n[a-c", 3, "syntax error in pattern '[a-c'"),
        (b"[]a]", 1, "syntax error in pattern '[]a]'"),
        (b"x\n" + b"a" * 65536, 2, "failed parsing .dockerignore: bufio.Scanner: token too long"),
        (b"x\n*.log\t# logs\n", 2, "exclude pattern contains non-printable ASCII characters"),
    ],
)
def test_what_fails_the_build(data: bytes, line: int, message: str) -> None:
    with pytest.raises(ParityError) as failure:
        read_ignore_file(data, ".dockerignore")
    assert (failure.value.location, failure.value.message) == (Location(".dockerignore", line), message)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("[Local-Only]/", "syntax error in pattern '[Local-Only]'"),
        ("a*{2}", "syntax error in pattern 'a*{2}'"),
        ("a{1001}*", "syntax error in pattern 'a{1001}*'"),
        ("\\y", "syntax error in pattern '\\\\y'"),
        ("a*[b", "syntax error in pattern 'a*[b'"),  # Go's check stops at the star
        ("*\\p{Greek}", "pattern '*\\\\p{Greek}' cannot be evaluated: \\p{Greek}"),
    ],
)
def test_what_fails_the_build_once_it_is_evaluated(pattern: str, message: str) -> None:
    rules = read_ignore_file(f"**/known\n{pattern}\n".encode(), ".dockerignore").rules
    matcher = Matcher(rules, ".dockerignore")
    assert matcher.verdict("known/x").ignored
    with pytest.raises(ParityError) as failure:
        matcher.verdict("other")
    assert (failure.value.location, failure.value.message) == (Location(".dockerignore", 2), message)


@pytest.mark.parametrize("pattern", ["a*/x\\", "a*x\\", "a*b*[x-]", ".*b*\\", "[/-a]*b*[", "[^+-9]*["])
def test_go_checks_no_further_than_it_matches(pattern: str) -> None:
    assert rule_of(pattern) is not None


@pytest.mark.parametrize(
    "pattern", ["x\\", "*x\\", ".*x\\", "?*x\\", "\\.*[", "*.[a-", "**/[a-", "a/[a-", "[^a]*b[]", "[+-9]*["]
)
def test_go_checks_as_far_as_it_matches(pattern: str) -> None:
    with pytest.raises(ParityError, match="syntax error in pattern"):
        rule_of(pattern)


def test_the_longest_line() -> None:
    assert len(read_ignore_file(b"a" * 65535 + b"\nb", "x").rules) == 2


def test_an_invalid_byte_becomes_a_replacement_character() -> None:
    assert [rule.pattern for rule in read_ignore_file(b"\xe9\xff", "x").rules] == ["\ufffd\ufffd"]


@pytest.mark.parametrize(
    ("pattern", "hits", "misses"),
    [
        ("foo\\d", ["foo7"], ["food", "foo"]),
        ("*\\W", ["a-", "-"], ["ab"]),
        ("[[:alpha:]]*", ["a1", "b"], ["1a", ":"]),
        ("[[:^digit:]]x", ["ax", "/x"], ["1x"]),
        ("[^\\d]x", ["ax"], ["1x"]),
        ("[\\D]x", ["ax"], ["1x"]),
        ("a{2,3}*", ["aa", "aaab"], ["a", "ba"]),
        ("a{0}b*", ["b"], ["ab"]),
        ("a{2,}[b]", ["aab", "aaaaab"], ["ab"]),
        ("a{02}*", ["a{02}"], ["aa"]),
        ("a{,2}*", ["a{,2}x"], ["aa"]),
        ("\\Qa*\\E*", [], ["a*", "ab"]),
        ("*\\x41", ["A", "bA"], ["x41"]),
        ("*\\x{263a}", ["\u263a"], ["a"]),
        ("*\\101", ["A"], ["101"]),
        ("*\\pL", ["\u00e9", "1a"], ["1"]),
        ("*\\p{^Lu}", ["a"], ["A"]),
        ("*\\bsrc\\b*", ["my-src", "src.py"], ["mysrc", "srcs"]),
        ("x\\z*", ["x"], ["xy"]),
        ("{2}?", ["a"], ["{2}a", "aa"]),
        ("^{0}b*", ["b", "bx"], ["ab"]),
        ("^a*", ["ab"], ["^ab", "ba"]),
        ("a*|^b|c", ["ab/x", "bx", "x/c"], ["xb", "ca"]),
        ("[?]", ["[]", "^]"], ["?", "["]),
        ("[**/x]", ["(", "x"], ["a", "**"]),
        ("a]b", ["a]b"], ["ab"]),
        ("**a*", ["a", "x/a", "x/ab"], ["xa", "ba"]),
        ("a\n*", ["a\nb"], ["a"]),
        ("x/**/y*", ["x/y", "x/a/y"], ["x/a\nb/y", "xy"]),
        ("/x", ["/x"], ["x"]),
    ],
)
def test_what_go_makes_of_a_pattern(pattern: str, hits: list[str], misses: list[str]) -> None:
    docker = DockerPattern(pattern)
    assert [path for path in (*hits, *misses) if docker.match_file(path)] == hits


def test_the_deciding_rule() -> None:
    matcher = Matcher(read_ignore_file(b"**/services\n*.md\n!README.md\nservices\n", "x").rules)
    told = {
        path: matcher.verdict(path).rule for path in ("src/services/a/b.py", "services/x", "README.md", "src")
    }
    assert {path: rule and rule.line for path, rule in told.items()} == {
        "src/services/a/b.py": 1,
        "services/x": 1,
        "README.md": 3,
        "src": None,
    }


@pytest.mark.parametrize(
    ("lines", "enters"),
    [
        (["d"], []),
        (["d", "!d/e/f"], ["d", "d/e", "d/e/f"]),
        (["d", "!d/e/**"], ["d", "d/e"]),
        (["d", "!x/*"], ["x"]),
        (["d", "!**/*.md"], ["d", "d/e", "d/e/f", "x"]),
        (["d", "!d/[e]"], ["d", "d/e", "d/e/f", "x"]),
    ],
)
def test_which_ignored_folders_are_entered(lines: list[str], enters: list[str]) -> None:
    matcher = Matcher(rules_of(lines))
    assert [folder for folder in ("d", "d/e", "d/e/f", "x") if matcher.may_reinclude_below(folder)] == enters


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 200 + "b", "a" * 5000),
        ("**/a/" * 200 + "b", "a/" * 2500),
        ("a{0,1000}" * 50 + "[b]", "a" * 5000),
    ],
)
def test_nothing_backtracks(pattern: str, path: str) -> None:
    docker = DockerPattern(pattern)
    assert not docker.match_file(path)
    assert docker.match_file(path + "b")


def test_a_deep_path() -> None:
    matcher = Matcher(rules_of(["**/x", "!**/y"]))
    assert matcher.verdict("a/" * 5000 + "x").ignored
    assert not matcher.verdict("a/" * 5000 + "x/y").ignored


patterns = st.text(alphabet="ab/*?.[]^-\\|{2}", min_size=1, max_size=9)
simple = st.text(alphabet="ab/*?.", min_size=1, max_size=9)
paths = st.lists(st.text(alphabet="ab.-2]{\\", min_size=1, max_size=4), min_size=1, max_size=4).map("/".join)


@settings(deadline=None)
@given(pattern=patterns, path=paths)
def test_a_pattern_means_its_regular_expression(pattern: str, path: str) -> None:
    try:
        rule = rule_of(pattern)
        assume(rule is not None)
    except ParityError:
        assume(False)
    assert rule is not None
    # What Python reads otherwise than Go: escaped letters and digits, a repeated `^`, `[[`.
    text = ignore_oracle.regexp(rule.pattern)[1]
    assume(not any(construct in text for construct in ("\\a", "\\b", "\\2", "^{", "[[")))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        try:
            expected = ignore_oracle.matches(rule.pattern, path)
        except re.error:
            with pytest.raises(ParityError):
                DockerPattern(rule.pattern)
            return
    assert bool(DockerPattern(rule.pattern).match_file(path)) is expected


@settings(deadline=None)
@given(
    lines=st.lists(st.tuples(st.booleans(), st.one_of(simple, paths)), min_size=1, max_size=5),
    asked=st.lists(paths, min_size=1, max_size=4),
)
def test_the_walk_and_the_whole_form(lines: list[tuple[bool, str]], asked: list[str]) -> None:
    try:
        rules = rules_of(["!" * exception + pattern.lstrip("/") for exception, pattern in lines])
    except ParityError:
        assume(False)
    plain = [(rule.exception, rule.pattern) for rule in rules]
    assume(not any("\\" in pattern or "{" in pattern for _, pattern in plain))
    matcher = Matcher(rules)
    for path in asked:
        assert matcher.verdict(path).ignored is ignore_oracle.walk(plain, path)
        assert matcher.opening_verdict(path).ignored is ignore_oracle.whole(plain, path)


@settings(deadline=None)
@given(st.binary(max_size=60), st.text(max_size=20))
def test_any_bytes(data: bytes, path: str) -> None:
    with contextlib.suppress(ParityError):
        Matcher(read_ignore_file(data, "x").rules).verdict(path)


@settings(deadline=None)
@given(
    st.text(alphabet="\\QEpPdwxz0123{},:[]^-*?|!./ab\u00e9\ufeff\udce9\n", max_size=16), st.text(max_size=8)
)
def test_any_pattern(pattern: str, path: str) -> None:
    with contextlib.suppress(ParityError):
        rule = rule_of(pattern)
        if rule:
            DockerPattern(rule.pattern).match_file(path)
