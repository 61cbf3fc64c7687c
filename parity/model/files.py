"""The answer to `files`: what each image contains, and from where."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from parity.model.location import Location, Unknown


class ImageFile(Struct, frozen=True):
    """One path that the build adds to its base image.

    `path` is absolute in the image; `type` is file, dir or symlink (then with `target`); `source` is the
    context path it is copied from, None where an instruction made it; `size` in bytes where it is known.
    """

    path: str
    type: str
    target: str | None = None
    source: str | None = None
    instruction: Location | None = None
    size: int | None = None


class ExcludedPath(Struct, frozen=True):
    """A file or folder (the topmost) that an ignore rule keeps out of the context."""

    path: str
    rule: str
    location: Location


class ImageFiles(Struct, frozen=True):
    """One image's files and configuration."""

    dockerfile: str
    target: str | None
    working_directory: str
    environment: Mapping[str, str]
    entrypoint: tuple[str, ...] | None
    cmd: tuple[str, ...] | None
    user: str | None
    files: tuple[ImageFile, ...]
    unknowns: tuple[Unknown, ...]
    excluded: tuple[ExcludedPath, ...] = ()
