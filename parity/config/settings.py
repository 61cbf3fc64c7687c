"""One question to the tool: which images, built how, started how."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ImageSettings:
    """One image to look at.

    `dockerfile` and `context` are checkout paths (absolute in the project root); `service` names the compose
    service that declares it; `command` is the compose file's, where it overrides the image's.
    """

    dockerfile: str
    context: str
    target: str | None = None
    service: str | None = None
    build_args: tuple[tuple[str, str], ...] = ()
    build_contexts: tuple[tuple[str, str], ...] = ()
    entrypoint: str | None = None
    python: str | None = None
    platform: str = "linux/amd64"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a run needs: `root` is the project root on this machine; `note`: what the user should know."""

    root: Path
    images: tuple[ImageSettings, ...]
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    note: str = ""
