"""parity.toml for the images that were found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from parity.config.settings import ImageSettings

_HEAD = """\
# What `parity check` looks at. docs/configuration.md of parity's repository has all keys.
# fail-on = "warning"
# ignore = ["PAR303"]
"""

_ELSEWHERE = """
# The images are those of the compose file, or of what else builds them, and of every other Dockerfile below.
"""

_ONLY = """
# Only these images are checked; without them, those of every Dockerfile below.
"""


def rendered(images: Iterable[ImageSettings]) -> str:
    """The file's text. Images that other files build and start are left to these files."""
    by_dockerfile: dict[str, list[ImageSettings]] = {}
    for image in images:
        by_dockerfile.setdefault(image.dockerfile, []).append(image)
    if any(image.names for same in by_dockerfile.values() for image in same):
        return _HEAD + _ELSEWHERE
    return _HEAD + _ONLY + "\n".join("".join(_table(same[0])) for same in by_dockerfile.values())


def _table(image: ImageSettings) -> Iterator[str]:
    yield f"[[images]]\ndockerfile = {_text(image.dockerfile[1:])}\n"
    if image.context != "/":
        yield f"context = {_text(image.context[1:])}\n"


def _text(value: str) -> str:
    """A TOML string: JSON's escapes are among TOML's (TOML 1.0: Basic strings)."""
    return json.dumps(value.encode("utf8", "replace").decode("utf8"), ensure_ascii=False)
