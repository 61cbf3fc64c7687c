"""The files that a service sees: those of the image, and over them what is mounted.

Linux: a mount hides everything that lies at its target, and below it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from msgspec.structs import replace

from parity.build.image import Image, LaidOver
from parity.deployments.service import Files, FromCheckout, FromImage, Mount, NotInCheckout, NotKnown, OneFile
from parity.image.builder import ImageBuilder
from parity.image.tree import ImageTree
from parity.model.location import Unknown
from parity.model.octets import octets
from parity.tree.base import Absent, Entry, FileKind, FileTree, join, parent_of, within
from parity.tree.links import follow


def mounted(image: Image, mounts: Iterable[Mount], checkout: FileTree) -> Image:
    """The image as the service sees it; unchanged where no mount lies over what the image was made for.

    `unmounted` of the answer is the image's own tree then.
    """
    over = [mount for mount in mounts if _matters(mount, image)]
    if not over:
        return image
    files = ImageBuilder(image.tree, checkout)
    for mount in sorted(over, key=lambda mount: mount.target.count("/")):
        files.instruction = mount.location
        _lay(mount, image.tree, checkout, files)
    return replace(
        image,
        tree=files.snapshot(),
        unmounted=image.tree,
        mounts=tuple(
            LaidOver(mount.target, mount.location, not isinstance(mount.shown, NotInCheckout | NotKnown))
            for mount in over
        ),
    )


def _matters(mount: Mount, image: Image) -> bool:
    """Does it bring something, or hide what the image has?"""
    if mount.target == "/":
        return False
    if mount.shown not in (FromImage(), Files()):
        return True
    answer = image.tree.lookup(mount.target)
    return not isinstance(answer, Absent) or within(mount.target, image.config.working_directory)


def _lay(mount: Mount, image: ImageTree, checkout: FileTree, files: ImageBuilder) -> None:
    target = mount.target
    match mount.shown:
        case FromImage():
            _show(image, target, target, files)
        case FromCheckout(path):
            _show(checkout, follow(checkout, path).path, target, files)
        case NotInCheckout(path):
            _missing(path, target, image, files)
        case Files(texts):
            files.remove(target)
            files.make_directory(target)
            for name, text in texts:
                files.write(join(target, name), _content(text, mount))
        case OneFile(text):
            files.remove(target)
            files.write(target, _content(text, mount))
        case NotKnown(what):
            _hide(target, Unknown(what, mount.location), files)
        case _:
            assert_never(mount.shown)


def _show(source: FileTree, path: str, target: str, files: ImageBuilder) -> None:
    """Exactly what `source` has there; a volume over a folder that the image lacks is empty."""
    answer = follow(source, path).answer
    files.remove(target)
    if isinstance(answer, Entry):
        files.copy_from(source, follow(source, path).path, target)
    elif isinstance(answer, Unknown):
        _hide(target, answer, files)
    else:
        files.make_directory(target)


def _missing(path: str, target: str, image: ImageTree, files: ImageBuilder) -> None:
    """Docker makes an empty folder of a source that is not there.

    It may be there on the machine that runs the service: what is named like a file is hardly meant to be a folder,
    and a mount where the image has nothing is there to bring something.
    """
    here = follow(image, target).answer
    is_folder = isinstance(here, Entry) and here.kind is FileKind.DIRECTORY
    if "." in path.rpartition("/")[2] or not is_folder:
        _hide(target, Unknown(f"{path[1:]} is not in the checkout", files.instruction), files)
        return
    files.remove(target)
    files.make_directory(target)


def _hide(target: str, unknown: Unknown, files: ImageBuilder) -> None:
    files.make_directory(parent_of(target))
    files.obscure(target, unknown, removes=True)


def _content(text: str | None, mount: Mount) -> bytes | Unknown:
    if text is None:
        return Unknown("what the mounted file holds is not known", mount.location)
    return octets(text)
