"""How much work may one build make, so that no Dockerfile takes for ever?"""

from __future__ import annotations

from msgspec import Struct

from parity.model.errors import ParityError
from parity.model.location import Location

MOST = 5_000_000
"""Steps of a fraction of a microsecond each: some eight thousand instructions, or fifty thousand single files."""
MOST_LOOKED = 2_000_000
"""Layers and folders that are looked at for RUN steps, and again for a listing."""
AN_INSTRUCTION = 600
A_RUN = 1_600
A_LOOK = 5
AN_IMAGE = 8
"""One that an image grew from is asked, for each instruction."""
A_COPY = 20
"""A folder that was copied to the same place before is asked again."""
A_CHOICE = 20_000
"""Of a whole folder, by a pattern."""
A_FILE = 100
A_COMPARISON = 10
CHARACTERS_A_STEP = 4


class Effort(Struct):
    """What is left of it, for all stages together. `looked`: how many layers and folders were looked at so far."""

    left: int = MOST
    looked: int = 0

    def spend(self, steps: int, location: Location | None) -> None:
        """Raises ParityError, at the instruction at work, once nothing is left."""
        self.left -= steps
        if self.left < 0:
            raise ParityError("the build is too large to analyse; stopped here", location)


def walk(path: str) -> int:
    """The steps of following a path: at each segment, all those above it are looked at."""
    return path.count("/") ** 2
