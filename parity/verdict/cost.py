"""What does a step that cannot be read cost: what was not checked because of it? The costliest first."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from parity.model.location import Unknown


class Cost(Struct, frozen=True):
    """One step; the modules and files of the project, and the packages of others, that it left unchecked."""

    doubt: Unknown
    own: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()


def costs_of(
    steps: Iterable[Unknown],
    own: Iterable[tuple[Unknown, str]],
    packages: Iterable[tuple[Unknown, str]],
) -> tuple[Cost, ...]:
    """Each step once, those of `steps` that cost nothing last. `own`, `packages`: the step to blame, and for what."""
    steps = tuple(steps)
    places = {step.reason: step.location for step in steps if step.location is not None}
    found: dict[object, tuple[Unknown, dict[str, None], dict[str, None]]] = {}

    def of(doubt: Unknown) -> tuple[Unknown, dict[str, None], dict[str, None]]:
        located = replace(doubt, location=doubt.location or places.get(doubt.reason))
        return found.setdefault((located.reason, located.location), (located, {}, {}))

    for doubt, subject in own:
        of(doubt)[1][subject] = None
    for doubt, subject in packages:
        of(doubt)[2][subject] = None
    for step in steps:
        of(step)
    costs = [Cost(doubt, tuple(names), tuple(others)) for doubt, names, others in found.values()]
    return tuple(sorted(costs, key=lambda cost: (-len(cost.own), -len(cost.packages))))
