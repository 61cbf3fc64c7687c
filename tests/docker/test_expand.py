"""Variables and quotes against the tables of BuildKit's shell lexer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.docker.expand import expand_heredoc, expand_word, expand_words, variables_in
from parity.model.errors import ParityError

VECTORS = json.loads((Path(__file__).parents[2] / "fixtures/vectors/shell-words.json").read_text("utf8"))
PATTERNS = [case for case in VECTORS["pattern_to_regex_anchored_greedy"] if "}" not in case["pattern"]]
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
def test_patterns_are_refused_as_upstream(case: dict[str, Any]) -> None:
    text = "${V#" + case["pattern"] + "}"
    if case.get("error"):
        with pytest.raises(ParityError):
            expand_word(text, {"V": "x"})
    else:
        assert expand_word(text, {"V": ""}) == ""


def test_names_in_branches_not_taken_are_told() -> None:
    assert variables_in("${A:-$B}/$C") == {"A", "B", "C"}


@given(
    st.text(alphabet="$ab{}:-+?#%/'\"\\* `", max_size=40),
    st.dictionaries(st.sampled_from("ab"), st.text("ab*/ ", max_size=6)),
)
def test_any_text_is_expanded_or_refused(text: str, env: dict[str, str]) -> None:
    try:
        expand_word(text, env)
    except ParityError as refused:
        assert refused.message
