"""Which stages of a Dockerfile a build needs, and which stage a name stands for.

BuildKit: dockerfile2llb: findStateByName, validateCircularDependency; `--target` and `--from` ignore case.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from msgspec import Struct

from parity.dockerfile.instructions import Copy, Dockerfile, Instruction, Onbuild, Run
from parity.model.errors import ParityError
from parity.model.location import Location


def find_target(dockerfile: Dockerfile, target: str | None) -> int:
    """The index of the stage to build: the last one, or the one called `target`.

    Raises ParityError for an unknown one, naming the nearest.
    """
    if not target:
        return len(dockerfile.stages) - 1
    wanted = target.lower()
    if numbers := dockerfile.numbers.get(wanted):
        return numbers[-1]
    names = [stage.name for stage in dockerfile.stages if stage.name]
    near = get_close_matches(wanted, names, 1)
    hint = (
        f"did you mean {near[0]}?"
        if near
        else f"the stages are {', '.join(names)}"
        if names
        else "no stage has a name"
    )
    raise ParityError(f"target stage {target!r} could not be found", Location(dockerfile.path), hint)


def find_parent(dockerfile: Dockerfile, name: str, stage: int) -> int | None:
    """The stage before `stage` that `FROM name` starts from; None if it is an image.

    The text as written is compared with the lowered name.
    """
    numbers = dockerfile.numbers.get(name, ())
    before = bisect_left(numbers, stage)
    return numbers[before - 1] if before else None


def find_source(dockerfile: Dockerfile, source: Source) -> int | None:
    """The stage that a `--from` or a mount means; None if it means an image or a named context.

    Of two stages of one name it is the later one, wherever the instruction stands. Raises ParityError for a
    number that no stage has.
    """
    if source.may_be_number and source.name.isdecimal() and len(source.name) < 9:
        number = int(source.name)
        if number >= len(dockerfile.stages):
            raise ParityError(
                f"invalid from flag value {source.name}: no stage has that number", source.location
            )
        return number
    numbers = dockerfile.numbers.get(source.name.lower())
    return numbers[-1] if numbers else None


class Source(Struct, frozen=True):
    """A name after `from=`, in an instruction. A mount knows stages by name only."""

    name: str
    location: Location
    may_be_number: bool = True


def sources_of(instruction: Instruction) -> Iterator[Source]:
    """What the instruction's `--from` and mounts name."""
    match instruction:
        case Copy():
            if name := instruction.flag("from"):
                yield Source(name, instruction.location)
        case Run():
            for mount in instruction.mounts:
                if name := mount.get("from"):
                    yield Source(name, instruction.location, may_be_number=False)


def needed(
    dockerfile: Dockerfile, target: int, bases: Mapping[int, str], contexts: Mapping[str, object]
) -> tuple[int, ...]:
    """The stages to execute for the stage number `target`, in order; a named context replaces its stage.

    `bases`: the FROM name of each stage, expanded. Raises ParityError for stages that need each other,
    unused ones too. What ONBUILD triggers name counts for the stages that they are executed in.
    """
    uses = {stage.index: _named(dockerfile, stage.instructions) for stage in dockerfile.stages}
    _refuse_circles(dockerfile, uses)
    wanted: set[int] = set()
    todo = [target]
    while todo:
        number = todo.pop()
        stage = dockerfile.stages[number]
        if number in wanted:
            continue
        wanted.add(number)
        if stage.name is not None and stage.name in contexts:
            continue
        todo += uses[number]
        base = find_parent(dockerfile, bases[number], number)
        if base is not None:
            triggers = (
                one.instruction for one in dockerfile.stages[base].instructions if isinstance(one, Onbuild)
            )
            todo += [base, *_named(dockerfile, triggers)]
    return tuple(sorted(wanted))


def _named(dockerfile: Dockerfile, instructions: Iterable[Instruction]) -> dict[int, Location]:
    """The stages that the instructions name, each with the place of the first."""
    found: dict[int, Location] = {}
    for instruction in instructions:
        for source in sources_of(instruction):
            if (number := find_source(dockerfile, source)) is not None:
                found.setdefault(number, source.location)
    return found


def _refuse_circles(dockerfile: Dockerfile, uses: Mapping[int, Mapping[int, Location]]) -> None:
    """Raises ParityError for a stage that needs itself, through others or not."""
    done: set[int] = set()
    for start in uses:
        if start in done:
            continue
        path = {start: iter(uses[start].items())}
        while path:
            number, rest = next(reversed(path.items()))
            following = next(rest, None)
            if following is None:
                done.add(number)
                del path[number]
            elif following[0] in path:
                name = dockerfile.stages[start].name or f"stage-{start}"
                raise ParityError(f"circular dependency detected on stage: {name}", following[1])
            elif following[0] not in done:
                path[following[0]] = iter(uses[following[0]].items())
