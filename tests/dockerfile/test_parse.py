"""The Dockerfile reader against the vectors drawn from BuildKit's own tests."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.dockerfile.instructions import Cmd, Copy, Healthcheck, Instruction, Onbuild, Other, Run
from parity.dockerfile.lines import read_lines
from parity.dockerfile.parse import parse, raw_instructions
from parity.dockerfile.syntax import RawInstruction
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
    with suppress(ParityError):
        parse(data, "Dockerfile")


def test_a_misspelt_instruction_is_told_with_its_line() -> None:
    with pytest.raises(ParityError) as refused:
        parse(b"FROM a\n\nCOPPY a b\n", "docker/Dockerfile")
    assert str(refused.value) == "docker/Dockerfile:3:1: unknown instruction: COPPY\n  did you mean COPY?"


def instructions(text: str) -> tuple[Instruction, ...]:
    return parse(text.encode(), "Dockerfile").stages[-1].instructions


def refusal(text: str) -> str:
    with pytest.raises(ParityError) as refused:
        parse(text.encode(), "Dockerfile")
    return refused.value.message


def test_each_part_of_a_joined_line_knows_its_place() -> None:
    run, cmd, check = instructions(
        "FROM a\nRUN --network=none \\\n  one && \\\n# note\n\n  two\n"
        "CMD x \\\n y\nHEALTHCHECK \\\n CMD \\\n z\n"
    )
    assert isinstance(run, Run)
    assert isinstance(cmd, Cmd)
    assert isinstance(check, Healthcheck)
    assert (run.command.shell, run.command.segments) == ("one &&   two", ((0, 3), (7, 6)))
    assert [run.command.line_at(run.command.shell.index(word)) for word in ("one", "two")] == [3, 6]
    assert (run.location.line, run.location.end_line) == (2, 6)
    assert (cmd.command.shell, cmd.command.segments) == ("x  y", ((0, 7), (2, 8)))
    assert check.command is not None
    assert (check.command.shell, check.command.segments) == ("z", ((0, 11),))


@pytest.mark.parametrize("line", ["<<E", "3<<E", "<<-E", "<<'E'", "<<  E"])
def test_a_run_that_is_only_a_heredoc_has_its_body_for_a_script(line: str) -> None:
    (run,) = instructions(f"FROM a\nRUN {line}\n\tx\nE\n")
    assert isinstance(run, Run)
    assert run.command.shell == ""
    assert [(body.name, body.line) for body in run.heredocs] == [("E", 3)]
    assert run.heredocs[0].content == ("x\n" if "-" in line else "\tx\n")


def test_tabs_go_at_line_feeds_alone() -> None:
    (copy,) = instructions("FROM a\nCOPY <<-E /d\n\ta\f\tb\u2028\tc\n \td\nE\n")
    assert isinstance(copy, Copy)
    assert copy.heredocs[0].content == "a\f\tb\u2028\tc\n \td\n"


def test_of_two_bodies_of_one_name_the_later_counts() -> None:
    (copy,) = instructions("FROM a\nCOPY <<E x <<E /d/\n1\nE\n2\nE\n")
    assert isinstance(copy, Copy)
    assert copy.sources == ("x",)
    assert [body.content for body in copy.heredocs] == ["2\n", "2\n"]


def test_a_trigger_is_looked_at_in_the_child_only() -> None:
    """BuildKit records any text behind ONBUILD."""
    (one, two) = instructions("FROM a\nONBUILD COPY x\nONBUILD FOO x\n")
    assert isinstance(one, Onbuild)
    assert isinstance(two, Onbuild)
    assert isinstance(one.instruction, Other)
    assert isinstance(two.instruction, Other)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("COPY --link=1 a /", "expecting boolean value for flag --link, not: 1"),
        ("COPY --link= a /", "missing a value on flag: --link"),
        ("ADD --checksum=a --checksum=b a /", "duplicate flag specified: --checksum"),
        ("RUN --network=x y", 'invalid network mode "x"'),
        ("RUN --mount= y", "failed to parse csv mounts: EOF"),
        ("RUN\u00a0x", "unknown instruction: RUN\u00a0x"),
        ("u\u017fer x", "unknown instruction: u\u017fer"),
        ("\\", "unknown instruction: "),
        ("HEALTHCHECK --retries=-1 CMD x", "--retries cannot be negative (-1)"),
        ("HEALTHCHECK --interval=1us CMD x", 'Interval "interval" cannot be less than 1ms'),
        ("HEALTHCHECK --interval=5 CMD x", 'time: invalid duration "5"'),
        ("CMD [null]", "when using JSON array syntax, arrays must be comprised of strings only"),
    ],
)
def test_what_is_refused(line: str, message: str) -> None:
    assert refusal(f"FROM a\n{line}\n") == message


def test_the_longest_line() -> None:
    assert len(instructions("FROM a\nRUN " + "x" * (65_535 - 4) + "\n")) == 1
    assert refusal("FROM a\nRUN " + "x" * (65_536 - 4) + "\n").startswith("dockerfile line greater than")


@pytest.mark.parametrize(
    ("text", "frontend"),
    [
        ("# syntax=a/b:1\nFROM x\n", "a/b:1"),
        ("#!/usr/bin/env x\n# syntax=a/b\nFROM x\n", "a/b"),
        ("# note\n# syntax=a/b\nFROM x\n", None),
    ],
)
def test_frontend(text: str, frontend: str | None) -> None:
    assert parse(text.encode(), "Dockerfile").frontend == frontend
