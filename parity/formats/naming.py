"""What an image is called in a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from parity.model.report import ImageReport

MOST_NAMED = 4
"""Names that are listed before "and N more"."""


def name_of(image: ImageReport) -> str:
    """The Dockerfile, with the target where one is asked for, and the first of what starts it."""
    if image.names and image.names[0].startswith(f"{image.dockerfile}: "):
        return image.names[0]
    name = image.dockerfile + (f" --target {image.target}" if image.target else "")
    return f"{name} ({image.names[0]})" if image.names else name


def place_of(images: Sequence[ImageReport], among: Sequence[ImageReport]) -> tuple[str, str]:
    """`image` and the whole name of one; `in 4 images` and `api, worker, beat, migrator`."""
    if len(images) == 1:
        return "image", name_of(images[0])
    names = short_names(images, among)
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"in {len(images)} images", ", ".join(names[:MOST_NAMED]) + more


def names_of(images: Sequence[ImageReport], among: Sequence[ImageReport]) -> str:
    """One image by its whole name; several as `in 4 images: api, worker, beat, migrator`."""
    label, names = place_of(images, among)
    return names if len(images) == 1 else f"{label}: {names}"


def short_names(images: Sequence[ImageReport], among: Sequence[ImageReport]) -> tuple[str, ...]:
    """Each name once, as short as tells these images from the others `among` them: `worker`, `compose.yaml: worker`."""
    services = Counter(image.service for image in among)
    dockerfiles = Counter(image.dockerfile for image in among)
    return tuple(dict.fromkeys(_short(image, services, dockerfiles) for image in images))


def _short(image: ImageReport, services: Counter[str | None], dockerfiles: Counter[str]) -> str:
    if image.service is not None and services[image.service] == 1:
        return image.service
    if image.names:
        return image.names[0]
    return name_of(image) + (" as it is" if dockerfiles[image.dockerfile] > 1 else "")
