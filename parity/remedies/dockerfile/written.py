"""A Dockerfile as it is written: its lines beside its instructions, for edits that keep everything else."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from parity.build.image import Image
from parity.dockerfile.instructions import Copy, Dockerfile, Instruction, Stage, Workdir
from parity.dockerfile.parse import parse
from parity.model.errors import ParityError
from parity.model.finding import Edit
from parity.model.location import Location
from parity.tree.base import Entry, FileTree, clean
from parity.tree.links import follow


class Written(Struct, frozen=True):
    """`stage`: the number of the one that is built."""

    path: str
    lines: tuple[str, ...]
    dockerfile: Dockerfile
    stage: int

    @property
    def own(self) -> Stage:
        """The stage that is built."""
        return self.dockerfile.stages[self.stage]

    def instruction(self, location: Location | None) -> Instruction | None:
        """The one that stands there, whatever its stage."""
        if location is None or location.path != self.path:
            return None
        every = (one for stage in self.dockerfile.stages for one in (stage.base, *stage.instructions))
        return next((one for one in every if one.location.line == location.line), None)

    def place(self, instruction: Instruction) -> str:
        """`Dockerfile:3`."""
        return f"{self.path}:{instruction.location.line}"

    def text(self, instruction: Instruction) -> str:
        """Its lines, each with its line feed."""
        first, last = span(instruction)
        return "".join(line + "\n" for line in self.lines[first - 1 : last])

    def replaced(self, instruction: Instruction, text: str) -> Edit:
        """The edit that writes it otherwise; "" takes it away."""
        first, last = span(instruction)
        return Edit(self.path, first, last, text)

    def added(self, text: str, *, below: Instruction) -> Edit:
        """The edit that writes one more instruction."""
        line = span(below)[1] + 1
        return Edit(self.path, line, line - 1, text)

    def stage_of(self, instruction: Instruction) -> Stage:
        """The stage that it stands in."""
        every = self.dockerfile.stages
        return next(
            (one for one in every if instruction is one.base or instruction in one.instructions), self.own
        )

    def working_directory(self, at: Instruction) -> str | None:
        """The folder that relative paths are seen from below this instruction; None where a variable says so."""
        folder: str | None = "/"
        for one in self.chain(self.stage_of(at)):
            if isinstance(one, Workdir):
                if "$" in one.path:
                    folder = None
                elif one.path.startswith("/"):
                    folder = clean(one.path)
                elif folder is not None:
                    folder = clean(f"{folder}/{one.path}")
            if one.location == at.location:
                break
        return folder

    def chain(self, stage: Stage | None = None) -> Iterator[Instruction]:
        """The instructions of a stage (None: the one that is built), those of the stages it grew from first."""
        stages = [stage or self.own]
        while (number := self.dockerfile.numbers.get(stages[0].base.image.lower())) and number[0] < stages[
            0
        ].index:
            stages.insert(0, self.dockerfile.stages[number[0]])
        for one in stages:
            yield from (one.base, *one.instructions)


def span(instruction: Instruction) -> tuple[int, int]:
    """Its first and last line."""
    location = instruction.location
    return location.line, max(location.line, location.end_line)


def written(image: Image, path: str) -> Written | None:
    """The Dockerfile at `path` of the checkout; None where it lies in no file, or cannot be edited."""
    tree: FileTree = image.context.tree
    found = follow(tree, "/" + path)
    data = tree.read(found.path) if isinstance(found.answer, Entry) else None
    if not isinstance(data, bytes):
        return None
    try:
        parsed = parse(data, path)
    except ParityError:
        return None
    number = image.stages[-1].index if image.stages else -1
    if not 0 <= number < len(parsed.stages):
        return None
    lines = tuple(line.removesuffix("\r") for line in data.decode("utf8", "surrogateescape").split("\n"))
    return Written(path, lines, parsed, number)


def copies(instructions: Iterator[Instruction]) -> Iterator[Copy]:
    """The COPY and ADD instructions without heredocs."""
    for one in instructions:
        if isinstance(one, Copy) and not one.heredocs:
            yield one
