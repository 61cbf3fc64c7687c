"""Which checkout path an image path corresponds to, and the other way round.

Told from provenance alone: the COPY and ADD steps that made the image, through other stages, and the renames
of RUN steps.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from parity.context.parts import PartialTree
from parity.image.layers import Copied, Placed, RenamedAt
from parity.image.tree import ImageTree
from parity.model.location import Location
from parity.tree.base import Entry, FileKind, FileTree, ancestors, below, join, within
from parity.tree.links import follow

MOST_HOPS = 50
"""Stages and renames that are followed on one way."""
MOST_LAYERS = 20_000
"""Layers that are looked at for one answer."""


class CopiedPart(Struct, frozen=True):
    """A file or folder of the checkout that was copied, and where it lies in the image in the end.

    `checkout` and `image` are absolute paths there; `by` is the COPY that took it from the context. For a
    folder, `source` and `origin` are the tree (with its ignore rules) and the folder in it.
    """

    checkout: str
    image: str
    by: Location | None
    source: FileTree | None = None
    origin: str = "/"


def checkout_folders(tree: ImageTree, folder: str) -> tuple[str, ...]:
    """The checkout folders (absolute in the checkout) that an image folder stands for, last copied first.

    `COPY src /app/src`: `/app/src/api` is `/src/api`, and `/app` is `/` (source and destination end alike). A
    folder that nothing is copied to goes by its nearest parent: `/app/lib` is `/lib` then.
    """
    if (archive := packed_from(tree, folder)) is not None:
        return checkout_folders(*archive)
    for parent in ancestors(folder):
        if parent == "/" != folder:
            break
        if found := _folders(tree, parent):
            return tuple(join(one, below(folder, parent)) for one in found)
    return ()


def packed_from(tree: ImageTree, path: str) -> tuple[ImageTree, str] | None:
    """The files, and the path in them, of a path in a zip file that an instruction made of a folder of the image."""
    for above in ancestors(path):
        there = follow(tree, above).answer
        if isinstance(there, Entry):
            packed = there.packed
            if packed is None or not isinstance(packed.files, ImageTree):
                return None
            return packed.files, join(packed.folder, below(path, above))
    return None


def _folders(tree: ImageTree, folder: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for part in copied_parts(tree, folder):
        if within(folder, part.image):
            if part.source is not None:
                found[join(part.checkout, below(folder, part.image))] = None
        else:
            tail = "/" + below(part.image, folder)
            if part.checkout.endswith(tail):
                found[part.checkout[: -len(tail)] or "/"] = None
    return tuple(found)


def image_paths(tree: ImageTree, checkout_path: str) -> tuple[str, ...]:
    """Where a file or folder of the checkout (absolute in it) ended up in the image, last copied first."""
    found: dict[str, None] = {}
    for part in copied_parts(tree):
        if within(checkout_path, part.checkout):
            path = join(part.image, below(checkout_path, part.checkout))
            here = tree.lookup(path)
            if isinstance(here, Entry) and (here.source == checkout_path or here.kind is FileKind.DIRECTORY):
                found[path] = None
    return tuple(found)


def copied_parts(tree: ImageTree, folder: str = "/") -> Iterator[CopiedPart]:
    """What was copied to, into or around `folder`, the last first; a file copied on its own counts too."""
    todo: list[tuple[ImageTree, str, str, int]] = [(tree, folder, folder, 0)]
    looked_at = 0
    while todo:
        # What `one` has at `there`, the image has at `here`.
        one, here, there, hops = todo.pop()
        more: list[tuple[ImageTree, str, str, int]] = []
        for layer in one.layers():
            looked_at += 1
            if looked_at > MOST_LAYERS:
                return
            # What the layer has at `start` is what the image has at `place`.
            if within(layer.path, there):
                place, start = join(here, below(layer.path, there)), ""
            elif within(there, layer.path):
                place, start = here, below(there, layer.path)
            else:
                continue
            match layer:
                case Placed(_, Entry(kind=FileKind.FILE, source=str() as source) as entry) if not start:
                    yield CopiedPart(source, place, entry.made_by)
                case Copied(_, source, origin, _, by):
                    origin = join(origin, start)
                    inner, inside = _unwrapped(source, origin)
                    if inner is None:
                        checkout = _checkout_path(source, layer.origin, start)
                        if checkout is not None:
                            yield CopiedPart(checkout, place, by, source, origin)
                    elif hops < MOST_HOPS:
                        more.append((inner, place, inside, hops + 1))
                case RenamedAt(_, old) if hops < MOST_HOPS:
                    more.append((one, place, join(old, start), hops + 1))
                case _:
                    pass
        todo += reversed(more)


def _checkout_path(source: FileTree, origin: str, rest: str) -> str | None:
    entry = source.lookup(origin)
    return join(entry.source, rest) if isinstance(entry, Entry) and entry.source else None


def _unwrapped(source: FileTree, origin: str) -> tuple[ImageTree | None, str]:
    while isinstance(source, PartialTree):
        origin = source.source_path(origin)
        source = source.tree
    return (source, origin) if isinstance(source, ImageTree) else (None, origin)
