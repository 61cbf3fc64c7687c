"""The answer to `why`: where a module or file is, in both worlds, and who needs it."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from parity.model.finding import Cause, ChainLink
from parity.model.location import Location, Unknown


class Need(Enum):
    """Who needs it: the start command by its name, an import of the start-up, a function that is called later."""

    START = "start"
    IMPORTED = "imported"
    LATER = "later"
    NOT = "not"


class WhyAnswer(Struct, frozen=True):
    """What one image says of a name.

    `checkout_path`  relative to the project root, "" where the checkout has no such file
    `image_path`     where it is in the image, or would be; "" for what is no file of the project
    `in_image`       True, False, or why it cannot be told
    `made_by`        the instruction that brings it
    `cause`          why it is not there
    `provided_by`    for what is no file of the project: the standard library, or distributions
    `chain`          the imports by which it is reached, the last being the one that asks for it
    `known`          is there, or does anybody ask for, anything of that name?
    `near`           names that are alike, where there is nothing of this name
    `not_in_git`     why a clean checkout lacks the file that this one has
    """

    dockerfile: str
    target: str | None
    name: str
    checkout_path: str
    image_path: str
    in_image: bool | Unknown
    made_by: Location | None
    cause: Cause | None
    provided_by: str
    need: Need
    chain: tuple[ChainLink, ...]
    known: bool = True
    near: tuple[str, ...] = ()
    not_in_git: Cause | None = None
