"""Which image does a name of a report mean: `Dockerfile.api`, `Dockerfile.api:dev`, `api`, `compose.yaml: api`?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from msgspec.structs import replace

from parity.config.settings import ImageSettings
from parity.model.errors import ParityError


def named(name: str, images: Sequence[ImageSettings]) -> ImageSettings:
    """Behind a Dockerfile and a colon may stand any stage of it. Raises ParityError."""
    exact = [image for image in images if name in _names(image)]
    if not exact:
        dockerfile, colon, stage = name.rpartition(":")
        stages = [image for image in images if colon and image.dockerfile[1:] == dockerfile]
        if stages:  # started as the Dockerfile says, whatever a service makes of it
            return replace(stages[0], target=stage, service=None, names=())
    alone = [image for image in exact if image.service is None] or exact
    if len(alone) == 1:
        return alone[0]
    every = [one for image in images for one in _names(image)]
    if alone:
        listed = ", ".join(image.names[0] for image in alone if image.names)
        raise ParityError(f"{name} is {len(alone)} images", hint=f"name one of them: {listed}")
    near = get_close_matches(name, every, 1, 0.4)
    known = f"did you mean {near[0]}?" if near else f"there are {', '.join(dict.fromkeys(every))}"
    raise ParityError(f"there is no image {name}", hint=known)


def name_of(image: ImageSettings) -> str:
    """As `named` understands it, and a report shows it."""
    if image.names and image.service is not None:
        return image.names[0]
    return image.dockerfile[1:] + (f":{image.target}" if image.target else "")


def _names(image: ImageSettings) -> Iterator[str]:
    dockerfile = image.dockerfile[1:]
    yield dockerfile
    if image.target:
        yield f"{dockerfile}:{image.target}"
    if image.service is not None:
        yield image.service.name
    yield from image.names
