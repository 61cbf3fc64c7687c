"""The Dockerfile reader against the vectors drawn from BuildKit's own tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.docker.lines import read_lines
from parity.docker.parse import parse, raw_instructions
from parity.docker.syntax import RawInstruction
from parity.model.errors import ParityError

VECTORS = json.loads((Path(__file__).parents[2] / "fixtures/vectors/dockerfile-parse.json").read_text("utf8"))


def as_vector(raw: RawInstruction, *, inner: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = {
        "instruction": raw.instruction,
        "flags": list(raw.flags),
        "form": raw.form,
        "args": [arg if isinstance(arg, str) else list(arg) for arg in raw.args],
    }
    if raw.form == "health":
        made["json"] = raw.json
    if raw.sub is not None:
        made["sub"] = as_vector(raw.sub, inner=True)
    if not inner:
        made |= {"start": raw.location.line, "end": raw.location.end_line}
        if raw.heredocs:
            made["heredocs"] = [
                {
                    "name": d.name,
                    "fd": d.descriptor,
                    "chomp": d.chomp,
                    "expand": d.expand,
                    "content": d.content,
                }
                for d in raw.heredocs
            ]
    return made


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_syntax(case: dict[str, Any]) -> None:
    data = case["dockerfile"].encode(case.get("encoding", "utf8"))
    if "error" in case:
        with pytest.raises(ParityError) as refused:
            raw_instructions(read_lines(data, "Dockerfile"), "Dockerfile")
        assert case["error"] in refused.value.message
        if case["error_line"] is not None:
            assert refused.value.location is not None
            assert refused.value.location.line == case["error_line"]
        return
    have = [as_vector(raw) for raw in raw_instructions(read_lines(data, "Dockerfile"), "Dockerfile")]
    if "encoding" in case:
        have = json.loads(json.dumps(have).replace("\\udcff", "\\u00ff"))
    assert have == case["expected"]


@pytest.mark.parametrize("case", VECTORS["instruction_errors"], ids=lambda case: case["instruction"])
def test_refused(case: dict[str, str]) -> None:
    first = "" if case["instruction"].startswith("FROM") else "FROM scratch\n"
    with pytest.raises(ParityError) as refused:
        parse((first + case["instruction"]).encode(), "Dockerfile")
    assert case["error_contains"] in refused.value.message
    assert refused.value.location is not None


PIECES = st.sampled_from(
    [
        "FROM a\n",
        "RUN x",
        "COPY ",
        "<<EOF",
        "EOF\n",
        "\\\n",
        "# c\n",
        "\n",
        "[",
        '"a"',
        ",",
        "]",
        "--from=",
        "ENV ",
        "A=1",
        "'",
    ]
    + [
        "ARG ",
        "ONBUILD ",
        "\ufeff",
        "\r\n",
        "# escape=`\n",
        "$A",
        "${A:-b}",
        " ",
        "CMD ",
        "SHELL ",
        "HEALTHCHECK ",
    ]
)


@given(
    st.one_of(
        st.binary(max_size=300), st.lists(PIECES, max_size=30).map(lambda parts: "".join(parts).encode())
    )
)
def test_any_bytes_are_parsed_or_refused(data: bytes) -> None:
    try:
        parse(data, "Dockerfile")
    except ParityError as refused:
        assert refused.message


def test_a_misspelt_instruction_is_told_with_its_line() -> None:
    with pytest.raises(ParityError) as refused:
        parse(b"FROM a\n\nCOPPY a b\n", "docker/Dockerfile")
    assert str(refused.value) == "docker/Dockerfile:3:1: unknown instruction: COPPY\n  did you mean COPY?"
