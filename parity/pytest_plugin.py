"""The fixture `image` for pytest: what an image holds and whether it starts, as a test.

pytest loads this module wherever parity is installed; the rest of parity is loaded by the first test that asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from parity.api import Image


class ImageOf(Protocol):
    """What the fixture gives: `image("Dockerfile.api", target="app")`. See `parity.api.image`."""

    def __call__(
        self,
        dockerfile: str = "Dockerfile",
        *,
        target: str | None = None,
        service: str | None = None,
        context: str | None = None,
        build_args: Mapping[str, str] | None = None,
        entrypoint: str | None = None,
        python: str | None = None,
    ) -> Image:
        """The image of a Dockerfile, named relative to pytest's root folder."""
        ...


@pytest.fixture(scope="session")
def image(pytestconfig: pytest.Config) -> ImageOf:
    """The image of a Dockerfile below pytest's root folder: `image("Dockerfile").starts()`."""
    from functools import partial

    from parity.api import image as image_of

    return partial(image_of, root=pytestconfig.rootpath)
