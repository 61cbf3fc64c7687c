"""Which stages of a Dockerfile a build needs, and which stage a name stands for.

BuildKit: dockerfile2llb: findStateByName, validateCircularDependency; `--target` and `--from` ignore case, a
repeated name stands for the later stage from there on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches

from parity.docker.instructions import Copy, Dockerfile, Instruction, Onbuild, Run, Stage
from parity.model.errors import ParityError
from parity.model.location import Location


def find_target(dockerfile: Dockerfile, target: str | None) -> int:
    """The index of the stage to build: the last one, or the one called `target`.

    Raises ParityError for an unknown one, naming the nearest.
    """
    if not target:
        return len(dockerfile.stages) - 1
    wanted = target.lower()
    for stage in reversed(dockerfile.stages):
        if stage.name == wanted:
            return stage.index
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


def find_earlier(dockerfile: Dockerfile, name: str, before: int, *, written: bool = False) -> int | None:
    """The last stage before `before` that is called `name`; None if there is none.

    FROM compares the text as `written` with the lowered name; `--from` ignores case.
    """
    wanted = name if written else name.lower()
    return next((i for i in range(before - 1, -1, -1) if dockerfile.stages[i].name == wanted), None)


def copy_stage(dockerfile: Dockerfile, name: str, stage: int, location: Location) -> int | None:
    """The stage that `--from=name` means within stage number `stage`; None if it means no stage.

    Raises ParityError for the stage itself, a later one, and a number that no stage has.
    """
    if name.isdecimal() and len(name) < 9:
        number = int(name)
        if number >= len(dockerfile.stages):
            raise ParityError(f"invalid from flag value {name}: no stage has that number", location)
    else:
        found = find_earlier(dockerfile, name, stage)
        if found is not None:
            return found
        later = [one.index for one in dockerfile.stages[stage:] if one.name == name.lower()]
        if not later:
            return None
        number = later[0]
    if number == stage:
        own = dockerfile.stages[stage].name or str(stage)
        raise ParityError(f"circular dependency detected on stage: {own}", location)
    if number > stage:
        raise ParityError(f"stage {name} needs to be defined before current stage", location)
    return number


def sources_of(instruction: Instruction) -> Iterator[tuple[str, Location]]:
    """What the instruction's `--from` and mounts name."""
    match instruction:
        case Onbuild(inner, _):
            yield from sources_of(inner)
        case Copy():
            if name := instruction.flag("from"):
                yield name, instruction.location
        case Run():
            for mount in instruction.mounts:
                if name := mount.get("from"):
                    yield name, instruction.location
        case _:
            return


def needed(
    dockerfile: Dockerfile, target: int, base_name: Callable[[Stage], str], contexts: Mapping[str, object]
) -> tuple[int, ...]:
    """The stages to execute for the stage number `target`, in order; a named context replaces its stage.

    `base_name`: the FROM name of a stage, expanded. Checks every `--from`, in unused stages too.
    """
    uses: dict[int, set[int]] = {}
    for stage in dockerfile.stages:
        uses[stage.index] = set()
        for instruction in stage.instructions:
            for name, location in sources_of(instruction):
                found = copy_stage(dockerfile, name, stage.index, location)
                if found is not None:
                    uses[stage.index].add(found)
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
        base = find_earlier(dockerfile, base_name(stage), number, written=True)
        if base is not None:
            todo.append(base)
    return tuple(sorted(wanted))
