"""What one step of a build says about a path of the image.

An image is a function of the path: its layers are asked from the last one back (see `image.py`), and each
answers `Mine`, `Removed`, `Renamed` (ask the earlier ones for that path instead), `Changed`, `CannotKnow`, or
None: not mine. Every layer speaks only about its `anchors` and what is below them.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from parity.image.modes import Mode
from parity.model.location import Location, May, Unknown
from parity.tree.base import Absent, Entry, FileKind, FileTree, below, join, parent_of, within

SOURCE = (".py", ".pyi")


class Mine(Struct, frozen=True):
    """The layer put this there."""

    entry: Entry


class Removed(Struct, frozen=True):
    """The layer took it away (`by` an instruction), or put something there that cannot contain it."""

    by: Location | None


class Renamed(Struct, frozen=True):
    """What is there was at `path` before the layer."""

    path: str
    by: Location | None


class Changed(Struct, frozen=True):
    """What the earlier layers say, with these permission bits and this owner (None: as it was)."""

    mode: int | None
    owner: str | None


class CannotKnow(Struct, frozen=True):
    """It may be there. What the earlier layers have is there still, unless `removes`."""

    unknown: Unknown
    removes: bool = False

    @property
    def makes(self) -> bool:
        """May it have put something there, or is it a removal and nothing else?"""
        return not (self.removes and self.unknown.may is May.REMOVES)


LayerAnswer = Mine | Removed | Renamed | Changed | CannotKnow | None


class Placed(Struct, frozen=True):
    """One file, link or folder at exactly `path`."""

    path: str
    entry: Entry

    @property
    def anchors(self) -> tuple[str, ...]:
        return (self.path,)

    def answer(self, path: str) -> LayerAnswer:
        if path == self.path:
            return Mine(self.entry)
        # Below a new folder the earlier layers go on; a file or a link has nothing below it.
        return None if self.entry.kind is FileKind.DIRECTORY else Removed(self.entry.made_by)


def as_copied(entry: Entry, by: Location | None, mode: Mode | None, owner: str | None) -> Entry:
    """The entry, once the instruction `by` has copied it with this `--chmod` and `--chown`."""
    bits = entry.mode
    if mode is not None and entry.kind is not FileKind.SYMLINK:
        bits = mode.of(bits, is_folder=entry.kind is FileKind.DIRECTORY)
    return replace(entry, made_by=by, mode=bits, owner=owner or entry.owner)


class Copied(Struct, frozen=True):
    """The contents of the folder `origin` of `source`, merged into the folder `path`.

    `top` is the entry of `path` itself; `mode` and `owner` change those of the source (None: kept); `by` is
    the instruction.
    """

    path: str
    source: FileTree
    origin: str
    top: Entry
    by: Location | None
    mode: Mode | None = None
    owner: str | None = None

    @property
    def anchors(self) -> tuple[str, ...]:
        return (self.path,)

    def answer(self, path: str) -> LayerAnswer:
        if path == self.path:
            return Mine(self.top)
        from_path = self.source_path(path)
        match self.source.lookup(from_path):
            case Entry() as entry:
                return Mine(as_copied(entry, self.by, self.mode, self.owner))
            case Unknown() as unknown:
                return CannotKnow(unknown)
            case Absent():
                return self._hidden(from_path)

    def source_path(self, path: str) -> str:
        """The path in `source` that `path`, which is within the destination, corresponds to."""
        return join(self.origin, below(path, self.path))

    def _hidden(self, from_path: str) -> Removed | None:
        while (from_path := parent_of(from_path)) != self.origin and from_path != "/":
            if isinstance(parent := self.source.lookup(from_path), Entry):
                return None if parent.kind is FileKind.DIRECTORY else Removed(self.by)
        return None


class RemovedAt(Struct, frozen=True):
    """`path` is gone, with all below it."""

    path: str
    by: Location | None

    @property
    def anchors(self) -> tuple[str, ...]:
        return (self.path,)

    def answer(self, path: str) -> LayerAnswer:  # noqa: ARG002
        return Removed(self.by)


class RenamedAt(Struct, frozen=True):
    """`old` is called `path` from now on, with all below it."""

    path: str
    old: str
    by: Location | None

    @property
    def anchors(self) -> tuple[str, ...]:
        return (self.path, self.old)

    def answer(self, path: str) -> LayerAnswer:
        if within(path, self.path):
            return Renamed(join(self.old, below(path, self.path)), self.by)
        return Removed(self.by)


class ModeChanged(Struct, frozen=True):
    """Permission bits or owner of `path` (and all below it if `recursive`) were set."""

    path: str
    mode: int | None
    owner: str | None
    recursive: bool

    @property
    def anchors(self) -> tuple[str, ...]:
        return (self.path,)

    def answer(self, path: str) -> LayerAnswer:
        return Changed(self.mode, self.owner) if self.recursive or path == self.path else None


class Obscured(Struct, frozen=True):
    """Anything may have been written at or below `path` (only names ending in `suffixes`, if given)."""

    path: str
    unknown: Unknown
    suffixes: tuple[str, ...] = ()
    removes: bool = False

    @property
    def anchors(self) -> tuple[str, ...]:
        return (self.path,)

    def answer(self, path: str) -> LayerAnswer:
        if self.suffixes and not path.endswith(self.suffixes):
            return None
        if self.unknown.no_modules and path.endswith(SOURCE):
            return None
        return CannotKnow(self.unknown, self.removes)


class Observed(Struct, frozen=True):
    """What an image that was built has: nothing that is said of the steps before counts any more."""

    files: FileTree
    path: str = "/"

    @property
    def anchors(self) -> tuple[str, ...]:
        return (self.path,)

    def answer(self, path: str) -> LayerAnswer:
        match self.files.lookup(path):
            case Entry() as entry:
                return Mine(entry)
            case Unknown() as unknown:
                return CannotKnow(unknown)
            case Absent():
                return Removed(None)


Layer = Placed | Copied | RemovedAt | RenamedAt | ModeChanged | Obscured | Observed


def is_exact(layer: Layer) -> bool:
    """Does it speak about its anchor alone, and never about what is below?"""
    return (isinstance(layer, Placed) and layer.entry.kind is FileKind.DIRECTORY) or (
        isinstance(layer, ModeChanged) and not layer.recursive
    )
