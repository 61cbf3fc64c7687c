"""`--jobs`: images are looked at in several processes; their answers come in the order of the images."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parity.config.settings import ImageSettings
    from parity.model.report import ImageFailure, ImageReport
    from parity.pipeline import Each


@contextmanager
def several(jobs: int, images: int, say: Callable[[str], None]) -> Iterator[Each | None]:
    """Asks about each image in one of so many processes; None where one process will do."""
    if min(jobs, images) < 2:
        yield None
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(min(jobs, images)) as pool:

        def each(
            ask: Callable[[ImageSettings], ImageReport | ImageFailure], asked: Iterable[ImageSettings]
        ) -> Iterator[ImageReport | ImageFailure]:
            for number, answer in enumerate(pool.map(ask, asked), 1):
                say(f"{answer.dockerfile}, {number} of {images}")
                yield answer

        yield each
