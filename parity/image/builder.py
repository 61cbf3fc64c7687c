"""The files of a stage while it is built: each change appends a layer."""

from __future__ import annotations

from msgspec.structs import replace

from parity.context.build_context import BuildContext
from parity.context.parts import LackingTree, PartialTree
from parity.image.effort import A_COPY, AN_IMAGE, AN_INSTRUCTION, Effort
from parity.image.layers import Copied, Layer, ModeChanged, Obscured, Placed, RemovedAt, RenamedAt, as_copied
from parity.image.modes import Mode
from parity.image.record import Record
from parity.image.tree import ImageTree
from parity.model.location import Location, May, Unknown
from parity.tree.base import Absent, Answer, Entry, FileKind, FileTree, ancestors, parent_of, within
from parity.tree.writable import Content, written

MOST_NESTED = 16
"""Copies of copies of folders that are followed; each costs a few frames of the interpreter's stack."""


MOST_RENAMES = 400
"""Renamed folders that are followed in one stage."""


class ImageBuilder:
    """The files of a stage while it is built: a `WritableTree` over layers.

    `instruction` is the one at work: it is written into every entry it makes. `effort`: what the build may do.
    """

    def __init__(self, ground: ImageTree, checkout: FileTree, effort: Effort | None = None) -> None:
        self.effort = effort or Effort()
        self._record = Record(ground, ground._record.base, ground._record.grounds + 1, self.effort)
        self._checkout = checkout
        self._tree: ImageTree | None = ground
        self._depth = ground.depth
        self._renames = 0
        self.instruction: Location | None = None

    def begin(self, instruction: Location) -> None:
        """The instruction that is at work from now on. Raises ParityError for one too many."""
        self.instruction = instruction
        self.effort.spend(AN_INSTRUCTION + AN_IMAGE * self._record.grounds, instruction)

    def snapshot(self) -> ImageTree:
        """The files as they are now; later changes do not touch it."""
        if self._tree is None:
            self._tree = ImageTree(self._record, len(self._record.layers), self._checkout, self._depth)
        return self._tree

    def append(self, layer: Layer) -> None:
        """One more layer on top; its parents must be there (`make_directory`)."""
        self._record.append(layer)
        self._tree = None

    def lookup(self, path: str) -> Answer:
        return self.snapshot().lookup(path)

    def names(self, path: str) -> frozenset[str] | Unknown:
        return self.snapshot().names(path)

    def read(self, path: str) -> bytes | Unknown:
        return self.snapshot().read(path)

    def make_directory(self, path: str, mode: int | None = None, owner: str = "0:0") -> None:
        if mode is not None:
            self.make_folders(parent_of(path), 0o755, owner)
        self.make_folders(path, 0o755 if mode is None else mode, owner)

    def make_folders(self, path: str, mode: int, owner: str) -> None:
        """The folder and those above it, as far as they are not there, all with this mode."""
        made = []
        for folder in ancestors(path):
            here = self.lookup(folder)
            if isinstance(here, Entry) and here.kind is FileKind.DIRECTORY:
                break
            made.append(folder)
        for folder in reversed(made):
            self.place(folder, Entry(FileKind.DIRECTORY, mode=mode, owner=owner))

    def place(self, path: str, entry: Entry) -> None:
        """`entry` at exactly `path`, made by the instruction at work; the parents must be there."""
        self.append(Placed(path, replace(entry, made_by=self.instruction)))

    def write(self, path: str, content: Content, mode: int | None = None) -> None:
        before = self.lookup(path)
        was_file = isinstance(before, Entry) and before.kind is FileKind.FILE
        bits, owner = 0o644, "0:0"
        source = None
        if isinstance(before, Entry) and was_file:
            bits, owner = before.mode or bits, before.owner or owner
            source = before.source if isinstance(content, Unknown) else None
        self.make_directory(parent_of(path))
        self.place(
            path,
            written(content, source=source, mode=bits if mode is None else mode, owner=owner),
        )

    def link(self, path: str, target: str) -> None:
        self.make_directory(parent_of(path))
        self.place(path, Entry(FileKind.SYMLINK, target=target, mode=0o777, owner="0:0"))

    def remove(self, path: str) -> None:
        self.append(RemovedAt(path, self.instruction))

    def rename(self, old: str, new: str) -> None:
        if old == new or within(new, old):
            return
        here = self.lookup(old)
        self.make_directory(parent_of(new))
        if isinstance(here, Entry) and here.kind is not FileKind.DIRECTORY:
            self.remove(old)
            self.place(new, here)
        elif self._renames >= MOST_RENAMES:
            unknown = Unknown(f"more than {MOST_RENAMES} folders are renamed", self.instruction)
            self.append(Obscured(old, replace(unknown, may=May.REMOVES), removes=True))
            self.append(Obscured(new, unknown))
        else:
            self._renames += 1
            self.append(RenamedAt(new, old, self.instruction))

    def copy(self, old: str, new: str, *, without: frozenset[str] = frozenset()) -> None:
        if without:
            self.copy_from(LackingTree(self.snapshot(), old, without), "/", new)
        else:
            self.copy_from(self.snapshot(), old, new)

    def copy_from(
        self, other: FileTree, old: str, new: str, mode: Mode | None = None, owner: str | None = None
    ) -> None:
        """`mode` and `owner`: what becomes of those of the source (None: kept)."""
        parent = parent_of(new)
        match other.lookup(old):
            case Absent():
                return
            case Unknown() as unknown:
                self.make_directory(parent)
                self.append(Obscured(new, unknown))
            case Entry(kind=FileKind.DIRECTORY) as top:
                self.make_directory(parent)
                self._merge(other, old, new, as_copied(top, self.instruction, mode, owner), mode, owner)
            case Entry() as entry:
                self.make_directory(parent)
                self.append(Placed(new, as_copied(entry, self.instruction, mode, owner)))

    def _merge(
        self, other: FileTree, old: str, new: str, top: Entry, mode: Mode | None, owner: str | None
    ) -> None:
        here = self.lookup(new)
        if isinstance(here, Entry) and here.kind is FileKind.DIRECTORY:
            top = here
        inner = other
        while isinstance(inner, BuildContext | PartialTree):
            inner = inner.tree
        depth = inner.depth + 1 if isinstance(inner, ImageTree) else 1
        if depth > MOST_NESTED:
            self.append(Placed(new, top))
            unknown = Unknown(f"folders are copied more than {MOST_NESTED} times over", self.instruction)
            self.append(Obscured(new, unknown))
            return
        self._depth = max(self._depth, depth)
        self.effort.spend(A_COPY * len(self._record.at.get(new, ())), self.instruction)
        self.append(Copied(new, other, old, top, self.instruction, mode, owner))

    def change_mode(self, path: str, mode: int | None, owner: str | None, *, recursive: bool) -> None:
        self.append(ModeChanged(path, mode, owner, recursive))

    def obscure(
        self, folder: str, unknown: Unknown, *, suffixes: tuple[str, ...] = (), removes: bool = False
    ) -> None:
        self.append(Obscured(folder, replace(unknown, reach=folder), suffixes, removes))
