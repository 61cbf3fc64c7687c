"""What a build comes to: files, configuration, and what is not known of either."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from parity.build.bases.base import Base
from parity.build.copy_step import MissingSource
from parity.context.build_context import BuildContext
from parity.image.layers import Copied, Obscured
from parity.image.tree import ImageTree
from parity.model.location import Location, Unknown
from parity.tree.base import within


class ImageConfig(Struct, frozen=True):
    """What `docker image inspect` shows. The shell form is `("/bin/sh", "-c", "...")`.

    `entrypoint_at` and `cmd_at`: the instructions they come from; None: the base image.
    `written_directory`: the working directory as the image's configuration has it, not cleaned.
    """

    working_directory: str
    environment: Mapping[str, str]
    user: str | None
    entrypoint: tuple[str, ...] | None
    cmd: tuple[str, ...] | None
    shell: tuple[str, ...]
    volumes: tuple[str, ...] = ()
    entrypoint_at: Location | None = None
    cmd_at: Location | None = None
    written_directory: str = "/"


class BuiltStage(Struct, frozen=True):
    """The files of another stage that was executed for this image."""

    index: int
    name: str | None
    tree: ImageTree

    @property
    def reference(self) -> str:
        """As `COPY --from` names it."""
        return self.name or str(self.index)


class LaidOver(Struct, frozen=True):
    """Something mounted over `target` when a service starts the image.

    `certain`: what it shows there is known; it is the checkout as it is here, or said in a file.
    """

    target: str
    location: Location
    certain: bool = True


class Image(Struct, frozen=True):
    """An image as the Dockerfile makes it.

    `base` is the image that the target stage grew from, through any stages between. `stages`: those executed,
    the target's own included. `context`: the build context, with its ignore rules. `unmounted`: the image's own
    files, where `tree` is what a service sees with `mounts` over them. `planned`: the files that the Dockerfile makes
    now, where `tree` is that of an image that was built.
    """

    tree: ImageTree
    config: ImageConfig
    base: Base
    context: BuildContext
    unknowns: tuple[Unknown, ...] = ()
    missing_sources: tuple[MissingSource, ...] = ()
    stages: tuple[BuiltStage, ...] = ()
    unmounted: ImageTree | None = None
    mounts: tuple[LaidOver, ...] = ()
    planned: ImageTree | None = None

    @property
    def alone(self) -> Image:
        """The image without what a service mounts over it."""
        return (
            self if self.unmounted is None else replace(self, tree=self.unmounted, unmounted=None, mounts=())
        )


def as_base(image: Image, reference: str) -> Base:
    """An image that another one starts from. Its ONBUILD triggers are not part of it."""
    config = image.config
    return replace(
        image.base,
        reference=reference,
        tree=image.tree,
        environment=config.environment,
        working_directory=config.working_directory,
        user=config.user,
        entrypoint=config.entrypoint,
        cmd=config.cmd,
        shell=config.shell,
    )


def unknowns_of(tree: ImageTree, below: str = "/") -> tuple[Unknown, ...]:
    """Why some files below a folder cannot be told: the tree's own steps, and those of trees copied from."""
    found: dict[Unknown, None] = {}
    seen: set[tuple[int, str]] = set()
    todo = [(tree, below)]
    while todo:
        one, folder = todo.pop()
        if (id(one), folder) in seen:
            continue
        seen.add((id(one), folder))
        for layer in one.layers():
            if isinstance(layer, Obscured) and (within(layer.path, folder) or within(folder, layer.path)):
                found[layer.unknown] = None
            elif isinstance(layer, Copied) and isinstance(layer.source, ImageTree):
                todo.append((layer.source, layer.origin))
    return tuple(found)
