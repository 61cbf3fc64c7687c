"""Variables and quotes against the tables of BuildKit's shell lexer."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.dockerfile.expand import expand_heredoc, expand_word, expand_words
from parity.dockerfile.substitution import PatternError, trim_prefix
from parity.model.errors import ParityError

VECTORS = json.loads((Path(__file__).parents[2] / "fixtures/vectors/shell-words.json").read_text("utf8"))
PATTERNS = VECTORS["pattern_to_regex_anchored_greedy"]
FUNCTIONS = {"word": expand_word, "words": expand_words}


@pytest.mark.parametrize(
    "case", VECTORS["cases"] + VECTORS["derived"], ids=lambda case: case.get("test", case["input"])
)
def test_vectors(case: dict[str, Any]) -> None:
    def run() -> object:
        if case["function"] == "raw":
            return expand_heredoc(case["input"], case["env"])
        return FUNCTIONS[case["function"]](case["input"], case["env"], case.get("escape", "\\"))

    if case.get("error"):
        with pytest.raises(ParityError):
            run()
    else:
        assert run() == case["expected"]


@pytest.mark.parametrize("case", PATTERNS, ids=lambda case: case["pattern"])
def test_patterns_mean_what_upstream_makes_of_them(case: dict[str, Any]) -> None:
    if case.get("error"):
        with pytest.raises(PatternError):
            trim_prefix("x", case["pattern"], True)
        return
    expression = re.compile(case["expected"])
    for value in ("", "a", "ab", "*", "*a", "(()[]{}^$.*?|\\x", "(()"):
        assert trim_prefix(value, case["pattern"], True) == expression.sub("", value, count=1)


@given(
    st.text("ab*?", max_size=7),
    st.text("ab\n", max_size=12),
    st.sampled_from(["#", "##", "%", "%%", "/", "//"]),
)
def test_patterns_against_regular_expressions(pattern: str, value: str, modifier: str) -> None:
    """The expression that BuildKit writes, matched by backtracking."""

    def expression(text: str, longest: bool) -> str:
        star = ".*" if longest else ".*?"
        return "".join({"*": star, "?": "."}.get(c, c) for c in text)

    longest = len(modifier) == 2
    have = expand_word(
        "${V" + modifier + "$P" + ("/-}" if "/" in modifier else "}"), {"V": value, "P": pattern}
    )
    if "#" in modifier:
        match = re.match(expression(pattern, longest), value)
        want = value[match.end() :] if match else value
    elif "%" in modifier:
        match = re.match(expression(pattern[::-1], longest), value[::-1])
        want = value[: len(value) - match.end()] if match else value
    elif not longest:
        want = re.sub(expression(pattern, True), "-", value, count=1)
    else:
        # Go drops an empty match right behind another one.
        ends = {m.end() for m in re.finditer(expression(pattern, True), value) if m.group()}
        want = re.sub(
            expression(pattern, True), lambda m: "" if not m.group() and m.start() in ends else "-", value
        )
    assert have == want


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${A//a/$D}", "a--$-a-$}b"),
        ("${A/a/$D}", "$0-$1x-$$-${0}-$}b"),
        ("${A/\\}/-}", "a-b"),
        ("${A/a/\\}}", "\\}}b"),
        ("$\u00b2", "$\u00b2"),
        ("\ufeffx", "x"),
    ],
)
def test_odd_words_as_the_engine_reads_them(text: str, expected: str) -> None:
    assert expand_word(text, {"A": "a}b", "D": "$0-$1x-$$-${0}-$"}) == expected


@pytest.mark.parametrize("text", ["${a:-" * 100_000 + "}" * 100_000, "$a" * 1_000, "${a//x/$a}"])
def test_what_would_fill_the_memory_is_refused(text: str) -> None:
    with pytest.raises(ParityError):
        expand_word(text, {"a": "x" * 100_000})


def test_long_values_are_searched() -> None:
    value = "a" * 1_000_000
    assert expand_word("${V%%a*b}${V//a*a*b/x}${V##*a}", {"V": value}) == value * 2


@given(
    st.text(alphabet="$ab{}:-+?#%/'\"\\* `", max_size=40),
    st.dictionaries(st.sampled_from("ab"), st.text("ab*/ ", max_size=6)),
)
def test_any_text_is_expanded_or_refused(text: str, env: dict[str, str]) -> None:
    with suppress(ParityError):
        expand_word(text, env)
