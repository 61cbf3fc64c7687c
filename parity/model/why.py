"""The answer to `why`: where a module or file is, in both worlds, and who needs it."""

from __future__ import annotations

from dataclasses import dataclass

from parity.model.finding import Cause, ChainLink
from parity.model.location import Location, Unknown


@dataclass(frozen=True, slots=True)
class WhyAnswer:
    """`checkout_path` relative to the project root, "" where the checkout lacks it.

    `in_image`: True, False, or why it cannot be told; `made_by`: the instruction that brings it; `cause`: why
    it is not there; `chain`: the imports by which the start-up reaches it, empty if it does not.
    """

    dockerfile: str
    name: str
    checkout_path: str
    image_path: str
    in_image: bool | Unknown
    made_by: Location | None
    cause: Cause | None
    needed: bool
    chain: tuple[ChainLink, ...]
