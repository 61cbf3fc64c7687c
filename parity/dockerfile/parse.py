"""The text of a Dockerfile -> its stages and instructions: the one door to dockerfile-parse.

The library names instructions and their lines. What it gets wrong (heredocs, directives, continuations) is
taken out of its way by `lines.py`; operands are read by `syntax.py` and checked by `checks.py`.
"""

from __future__ import annotations

import io
import re

from dockerfile_parse import DockerfileParser

from parity.dockerfile.checks import typed
from parity.dockerfile.instructions import Arg, Dockerfile, From, Instruction, Stage
from parity.dockerfile.lines import DockerfileText, LogicalLine, from_offset, read_lines
from parity.dockerfile.syntax import RawInstruction, read_instruction
from parity.dockerfile.words import split_once
from parity.model.errors import ParityError
from parity.model.location import Location

_END = " ."
"""Stands at the end of each line that the library gets, so that no backslash is the last character."""
_NO_BLANK = re.compile(r"[^\S\t\v\f\r ]|[\ud800-\udfff]")
"""White space to Python and none to BuildKit where words are split, and bytes that are not UTF-8."""


def parse(data: bytes, path: str) -> Dockerfile:
    """The Dockerfile at `path` (relative to the project root).

    Raises ParityError in Docker's words, with file and line, for whatever a build would refuse to read.
    """
    text = read_lines(data, path)
    global_args: list[Arg] = []
    stages: list[tuple[From, list[Instruction]]] = []
    for raw in raw_instructions(text, path):
        made = typed(raw)
        if isinstance(made, From):
            stages.append((made, []))
        elif stages:
            stages[-1][1].append(made)
        elif isinstance(made, Arg):
            global_args.append(made)
        else:
            raise ParityError(
                f"no build stage in current context: {raw.keyword} stands before the first FROM",
                raw.location,
                "a Dockerfile starts with FROM (only ARG may come before it)",
            )
    if not stages:
        raise ParityError("dockerfile contains no stages to build: there is no FROM", Location(path))
    numbers: dict[str, list[int]] = {}
    for number, (base, _) in enumerate(stages):
        if base.name is not None:
            numbers.setdefault(base.name, []).append(number)
    return Dockerfile(
        path,
        text.escape,
        text.frontend,
        tuple(global_args),
        tuple(Stage(number, base.name, base, tuple(body)) for number, (base, body) in enumerate(stages)),
        numbers,
    )


def raw_instructions(text: DockerfileText, path: str) -> tuple[RawInstruction, ...]:
    """The syntax layer: each instruction with its flags and operands as written. Raises ParityError."""
    for line in text.lines:
        if not line.text:
            raise ParityError("unknown instruction: ", Location(path, line.start, 1, line.end))
    return tuple(
        read_instruction(
            split_once(line.text)[0],
            rest,
            text.escape,
            Location(path, line.start, 1, line.end),
            line.heredocs,
            from_offset(line.segments, len(line.text) - len(rest)),
        )
        for line, rest in zip(text.lines, _operands(text.lines), strict=True)
    )


def _operands(lines: tuple[LogicalLine, ...]) -> list[str]:
    """What follows the keyword of each line, by the library: each logical line on its first physical line.

    It cannot read bytes that are not UTF-8 and upper-cases keywords, so its answer is taken as a place.
    """
    flat = [""] * lines[-1].start
    for line in lines:
        flat[line.start - 1] = _NO_BLANK.sub("\ufffd", line.text) + _END
    structure = DockerfileParser(fileobj=io.BytesIO("\n".join(flat).encode())).structure
    lengths = {entry["startline"]: len(entry["value"]) - len(_END) for entry in structure}
    return [line.text[len(line.text) - max(0, lengths[line.start - 1]) :] for line in lines]
