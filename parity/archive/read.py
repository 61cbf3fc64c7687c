"""From what a user calls an image to its files and its configuration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec import Struct

from parity.archive.blobs import Blobs, FolderBlobs, TarBlobs
from parity.archive.compressed import plain
from parity.archive.description import Configured, Description, Step, describe
from parity.archive.engine import saved
from parity.archive.members import Walk
from parity.archive.merged import Merged
from parity.archive.source import FileSource, Source
from parity.archive.tree import ArchiveTree
from parity.model.errors import ParityError
from parity.tree.reader import is_folder, is_there, open_file


class BuiltLayer(Struct, frozen=True):
    """`digest`: of its plain bytes; `made_by`: the instruction, as the image's history has it, "" where it has none."""

    digest: str
    made_by: str = ""


class BuiltImage(Struct, frozen=True):
    """An image as an engine has built it. `name`: what the user calls it; `digest`: its ID; `history`: its steps."""

    name: str
    names: tuple[str, ...]
    digest: str
    tree: ArchiveTree
    config: Configured
    layers: tuple[BuiltLayer, ...]
    history: tuple[Step, ...] = ()

    def layer_of(self, path: str) -> BuiltLayer | None:
        """The layer that put this path there, or took it away."""
        number = self.tree.layer(path)
        return self.layers[number] if number is not None else None


@contextmanager
def built_image(name: str, platform: str) -> Iterator[BuiltImage]:
    """`name`: an archive, the folder of an OCI image layout, or an image that the engine here has. Raises ParityError.

    Its files can be read while the context is open.
    """
    with ExitStack() as until:
        yield _read(name, describe(_blobs(name, until), platform))


def _blobs(name: str, until: ExitStack) -> Blobs:
    place = Path(name)
    if is_folder(place):
        return FolderBlobs(place, name, until)
    if not is_there(place):
        return TarBlobs(saved(name, until))
    opened = open_file(place, name)
    if opened is None:
        raise ParityError(f"{name} is not there any more")
    return TarBlobs(FileSource(until.enter_context(opened), name))


def _read(name: str, described: Description) -> BuiltImage:
    merged = Merged()
    layers: list[Source] = []
    for number, (packed, digest) in enumerate(zip(described.layers, described.diff_ids, strict=True)):
        layer = plain(packed)
        members = Walk(layer)
        merged.add(number, members, packed.name)
        if f"sha256:{members.sha256}" != digest:
            raise ParityError(
                f"{packed.name} is damaged: its content is not what the image's configuration says"
            )
        layers.append(layer)
    made_by = {step.layer: step.made_by for step in described.history}
    return BuiltImage(
        name,
        described.names,
        described.digest,
        ArchiveTree(merged, layers),
        described.config,
        tuple(
            BuiltLayer(digest, made_by.get(number, "")) for number, digest in enumerate(described.diff_ids)
        ),
        described.history,
    )
