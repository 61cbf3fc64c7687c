"""A way to build or start an image, as a file of a checkout says it: what each file of this room declares of itself."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Gives(StrEnum):
    """What the files of a format say of images."""

    STARTS = "services"
    """How they are started, and mostly how they are built."""

    BUILDS = "builds"
    """How they are built."""

    PROCESSES = "processes"
    """How one is started that nothing else starts."""


class Format(Struct, frozen=True, kw_only=True):
    """`files`: a pattern for the whole name of a file that is read.

    `folder`  only those below this folder of the checkout, which are then of no other format
    `signs`   only texts that hold one of these
    `owns`    names that are of this format and no other: it is said where such a file cannot be read
    """

    gives: Gives
    files: str
    folder: str = ""
    signs: tuple[str, ...] = ()
    owns: str = ""
