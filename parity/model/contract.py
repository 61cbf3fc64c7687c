"""What the user says that an image holds, and what it does not."""

from __future__ import annotations

from msgspec import Struct

from parity.model.location import Location


class Contract(Struct, frozen=True):
    """Patterns as in a .gitignore: of image paths where they begin with a slash, else of the checkout's.

    `folder`: the folder of the checkout that the latter start from; the places are where the lists are written.
    """

    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    folder: str = "/"
    contains_at: Location | None = None
    lacks_at: Location | None = None


NO_CONTRACT = Contract()
