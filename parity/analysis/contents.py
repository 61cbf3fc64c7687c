"""What does an image contain? Its tree as a listing, with provenance."""

from __future__ import annotations

from collections.abc import Iterator

from parity.build.image import Image
from parity.model.errors import ParityError
from parity.model.files import ExcludedPath, ImageFile, ImageFiles
from parity.model.location import Location
from parity.tree.base import Entry, FileKind, below, within
from parity.tree.disk import DiskTree


def contents_of(
    image: Image, checkout: DiskTree, dockerfile: str, target: str | None, *, excluded: bool
) -> ImageFiles:
    """Every path that the build adds to its base image. Raises ParityError for a build that fails."""
    for missing in image.missing_sources:
        raise ParityError(f"the build fails: {missing.written} is not found", missing.location)
    config = image.config
    root = image.context.checkout_path("/")
    return ImageFiles(
        dockerfile,
        target,
        config.written_directory,
        config.environment,
        config.entrypoint,
        config.cmd,
        config.user,
        tuple(_file(path, entry, root, checkout) for path, entry in image.tree.listing()),
        image.unknowns,
        tuple(_excluded(image)) if excluded else (),
    )


def _file(path: str, entry: Entry, root: str, checkout: DiskTree) -> ImageFile:
    source = entry.source
    if source is not None:
        source = below(source, root) if within(source, root) else source[1:]
    size = len(entry.content) if entry.content is not None else None
    if size is None and entry.kind is FileKind.FILE and entry.source is not None and entry.altered is None:
        size = checkout.size(entry.source)
    return ImageFile(
        path,
        entry.kind.value,
        entry.target if entry.kind is FileKind.SYMLINK else None,
        source if entry.kind is not FileKind.DIRECTORY else source or None,
        entry.made_by,
        size,
    )


def _excluded(image: Image) -> Iterator[ExcludedPath]:
    for path, rule in image.context.excluded():
        yield ExcludedPath(path.lstrip("/"), rule.text, Location(image.context.ignore.path, rule.line))
