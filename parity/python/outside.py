"""An import, by a module of the project, of what no file of the project provides."""

from __future__ import annotations

from msgspec import Struct

from parity.model.finding import ChainLink
from parity.model.location import Location
from parity.model.occasion import START, Occasion


class OutsideImport(Struct, frozen=True):
    """`from google.cloud import storage` has the name `google.cloud` and the part `storage`.

    `may_not_run`: it stands in a branch that cannot be decided; `occasion`: what the process was doing.
    """

    name: str
    parts: tuple[str, ...]
    chain: tuple[ChainLink, ...]
    place: Location
    may_not_run: bool = False
    occasion: Occasion = START

    @property
    def modules(self) -> tuple[str, ...]:
        """The dotted names that may be modules."""
        return tuple(f"{self.name}.{part}" for part in self.parts if part != "*") or (self.name,)
