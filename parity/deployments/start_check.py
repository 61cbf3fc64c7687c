"""A line that tries an image before it is used."""

from __future__ import annotations

from collections.abc import Container, Iterable

from msgspec import Struct

from parity.deployments.service import same_image
from parity.model.location import Location


class StartCheck(Struct, frozen=True):
    """`image`: the one that is tried, "" where it is any; `services`: those of compose, None where it is none of these.

    A name that only the script's run knows begins with `$`.
    """

    location: Location
    image: str = ""
    services: tuple[str, ...] | None = None

    def tries(self, images: Iterable[str], services: Container[str]) -> bool:
        """Is it of an image with one of these names, or of one of these services?"""
        if self.services is not None:
            named = [name for name in self.services if not name.startswith("$")]
            return any(name in services for name in named) if named else True
        return not self.image or self.image.startswith("$") or any(same_image(self.image, n) for n in images)
