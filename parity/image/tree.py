"""Which files an image has at each moment of its build.

`ImageTree` is one moment of a build: its layers are asked from the last back, then those of the tree it grew
from, then the base image. Nothing walks a folder to answer a lookup; only `listing` lists. `ImageBuilder`
grows one: each change appends a layer, so every earlier moment stays what it was.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from heapq import merge
from itertools import islice

from msgspec import Struct, field
from msgspec.structs import replace

from parity.context.build_context import BuildContext
from parity.context.parts import LackingTree, PartialTree
from parity.image.effort import A_COPY, A_LOOK, AN_IMAGE, AN_INSTRUCTION, MOST_LOOKED, Effort
from parity.image.layers import (
    CannotKnow,
    Changed,
    Copied,
    Layer,
    Mine,
    ModeChanged,
    Obscured,
    Observed,
    Placed,
    Removed,
    RemovedAt,
    Renamed,
    RenamedAt,
    as_copied,
    is_exact,
)
from parity.image.modes import Mode
from parity.model.location import Location, May, Unknown
from parity.model.packages import site_packages
from parity.tree.base import (
    ABSENT,
    Absent,
    Answer,
    Entry,
    FileKind,
    FileTree,
    Stored,
    ancestors,
    child,
    parent_of,
    within,
)
from parity.tree.writable import Content, written

MOST_NESTED = 16
"""Copies of copies of folders that are followed; each costs a few frames of the interpreter's stack."""
MOST_RENAMES = 400
"""Renamed folders that are followed in one stage."""
MOST_LISTED = 500_000
"""Paths that `listing` gives at most."""


def descent(path: str) -> Iterator[str]:
    """`/a/b` -> `/`, `/a`, `/a/b`."""
    yield "/"
    end = path.find("/", 1)
    while end > 0:
        yield path[:end]
        end = path.find("/", end + 1)
    if path != "/":
        yield path


def _backwards(numbers: list[int], limit: int) -> Iterator[int]:
    """Those below `limit` of the rising numbers, the last first: lazily, as mostly the first one answers."""
    end = len(numbers) if numbers[-1] < limit else bisect_left(numbers, limit)
    return map(numbers.__getitem__, range(end - 1, -1, -1))


def _together(doubts: list[Unknown]) -> Unknown:
    """One doubt for all of them (the last step's first): the most powerful one, with the others beside it."""
    if len(doubts) == 1:
        return doubts[0]
    steps = [step for doubt in doubts for step in doubt.steps]
    first, *others = sorted(dict.fromkeys(steps), key=lambda step: (step.early, step.may.rank))
    return replace(first, others=tuple(others), installed=site_packages(reversed(doubts)))


class Record(Struct):
    """The layers that one stage appends: never changed, only grown.

    `at`: for each anchor the numbers of its layers, rising; `exactly`: of those that say nothing about what is
    below it. `children`: for each folder the names on the way to an anchor. `above`: the folders on the way to an
    anchor of `at`, and itself. `grounds`: how many records are below this one. `effort`: of the build.
    `moments`: the files after so many layers, once somebody asked: the same are asked for again and again.
    """

    ground: ImageTree | None
    base: FileTree
    grounds: int = 0
    effort: Effort = field(default_factory=Effort)
    moments: dict[int, ImageTree] = field(default_factory=dict)
    layers: list[Layer] = field(default_factory=list)
    at: dict[str, list[int]] = field(default_factory=dict)
    exactly: dict[str, list[int]] = field(default_factory=dict)
    children: dict[str, set[str]] = field(default_factory=dict)
    above: set[str] = field(default_factory=set)

    def append(self, layer: Layer) -> None:
        exact = is_exact(layer)
        for anchor in layer.anchors:
            (self.exactly if exact else self.at).setdefault(anchor, []).append(len(self.layers))
            for path in () if exact else ancestors(anchor):
                if path in self.above:
                    break
                self.above.add(path)
            for path in ancestors(anchor):
                folder, _, name = path.rpartition("/")
                names = self.children.setdefault(folder or "/", set())
                if not name or name in names:
                    break
                names.add(name)
        self.layers.append(layer)

    def covering(self, path: str, limit: int) -> Iterator[int]:
        """The numbers below `limit` of the layers that may speak about `path`, the last first."""
        found = []
        for anchor in descent(path):
            if anchor not in self.above:
                break
            self.effort.looked += 1
            if numbers := self.at.get(anchor):
                found.append(_backwards(numbers, limit))
        if numbers := self.exactly.get(path):
            found.append(_backwards(numbers, limit))
        return merge(*found, reverse=True) if len(found) > 1 else found[0] if found else iter(())


class ImageTree:
    """The files of an image at one moment of its build. A `FileTree`; its paths are image paths."""

    def __init__(self, record: Record, length: int, checkout: FileTree, depth: int) -> None:
        self._record = record
        self._length = length
        self._checkout = checkout
        self._memo: dict[str, Answer] = {}
        self._listed: dict[str, frozenset[str] | Unknown] = {}
        self.depth = depth

    @classmethod
    def of(cls, base: FileTree, checkout: FileTree) -> ImageTree:
        """A base image nothing was added to. `checkout`: where `read` finds the bytes of copied files."""
        return cls(Record(None, base), 0, checkout, 1)

    def lookup(self, path: str) -> Answer:
        known = self._memo.get(path)
        if known is None:
            known = self._memo[path] = self._ask(path)
        return known

    def unremoved(self, path: str) -> Answer:
        """The entry at `path`, ignoring removals that are only possible."""
        return self._ask(path, removals=False)

    def readable(self, path: str) -> Entry | Absent:
        """What the steps that can be read come to, as if the others did nothing here."""
        for step in self._steps(path):
            match step:
                case Mine(entry):
                    return entry
                case Removed(by):
                    return Absent(by) if by else ABSENT
                case Entry():
                    return step
                case _:
                    pass
        return ABSENT

    def _ask(self, path: str, *, removals: bool = True) -> Answer:
        doubts: list[Unknown] = []
        gone: CannotKnow | None = None
        changed = Changed(None, None)
        moved_by: Location | None = None
        answer: Answer | None = None
        for step in self._steps(path):
            match step:
                case Mine(entry):
                    answer = entry
                case Removed(by):
                    answer = Absent(by) if by else ABSENT
                case CannotKnow():
                    if step.makes:
                        doubts.append(step.unknown)
                    gone = gone or (step if step.removes and removals else None)
                case Changed(mode, owner):
                    changed = Changed(mode if changed.mode is None else changed.mode, changed.owner or owner)
                case Renamed(_, by):
                    moved_by = moved_by or by
                case _:
                    answer = step
        if not isinstance(answer, Entry):
            if isinstance(answer, Unknown):
                doubts.append(answer)
            return _together(self._dated(path)) if doubts else answer or ABSENT
        if gone:
            return replace(gone.unknown, may=May.REMOVES)
        if changed.mode is not None and answer.kind is not FileKind.SYMLINK:
            answer = replace(answer, mode=changed.mode)
        if changed.owner:
            answer = replace(answer, owner=changed.owner)
        return replace(answer, made_by=moved_by) if moved_by else answer

    def _is_copied(self, folder: str) -> bool:
        """Does a COPY bring something of the checkout, or of another stage, as this folder?"""
        for record, number, at in self._layers(folder):
            layer = record.layers[number] if number is not None else None
            made = layer.answer(at) if layer is not None else None
            if isinstance(made, Mine):
                return isinstance(layer, Copied) or made.entry.source is not None
        return False

    def _dated(self, path: str) -> list[Unknown]:
        """The doubts about `path`, each with whether it is `early`.

        A program that writes a file of the project into a folder that a COPY makes only later is hard to imagine.
        """
        above = ((levels, folder) for levels, folder in enumerate(ancestors(path)) if levels)
        levels, folder = next(((n, one) for n, one in above if isinstance(self.lookup(one), Entry)), (0, "/"))
        copied = self._is_copied(folder)
        doubts: list[Unknown] = []
        for record, number, at in self._layers(path):
            if number is None:
                base = record.base.lookup(at) if record.ground is None else None
                if isinstance(base, Unknown):
                    doubts.append(replace(base, early=copied))
                continue
            layer = record.layers[number]
            said = layer.answer(at)
            if isinstance(said, Removed):
                break
            if not isinstance(said, CannotKnow) or not said.makes:
                continue
            early = False
            if copied and not isinstance(layer, Copied):
                before = self._before(record, number)
                early = not isinstance(before.lookup(next(islice(ancestors(at), levels, None), "/")), Entry)
            doubts.append(replace(said.unknown, early=True) if early else said.unknown)
        return doubts

    def _steps(self, path: str) -> Iterator[Mine | Removed | CannotKnow | Changed | Renamed | Answer]:
        """What each layer, from the last one back, has to say; at the end the base image's answer."""
        for record, number, at in self._layers(path):
            if number is None:
                if record.ground is None:
                    yield record.base.lookup(at)
                continue
            said = record.layers[number].answer(at)
            if said is not None:
                yield said
                if isinstance(said, Mine | Removed):
                    return

    def _layers(self, path: str) -> Iterator[tuple[Record, int | None, str]]:
        """The layers that may speak about `path`, the last first, with the path to ask each for.

        The path changes where a layer renamed it. A number of None stands at the end of a record.
        """
        tree: ImageTree | None = self
        while tree is not None:
            record, limit = tree._record, tree._length
            todo = record.covering(path, limit)
            record.effort.looked += A_LOOK
            while (number := next(todo, None)) is not None:
                record.effort.looked += 1
                yield record, number, path
                layer = record.layers[number]
                if isinstance(layer, RenamedAt) and within(path, layer.path):
                    said = layer.answer(path)
                    if isinstance(said, Renamed):
                        path = said.path
                        todo = record.covering(path, number)
            yield record, None, path
            tree = record.ground

    def names(self, path: str) -> frozenset[str] | Unknown:
        known = self._listed.get(path)
        if known is None:
            known = self._listed[path] = self._list(path)
        return known

    def _list(self, path: str) -> frozenset[str] | Unknown:
        here = self.lookup(path)
        if isinstance(here, Unknown):
            return here
        if isinstance(here, Absent) or here.kind is not FileKind.DIRECTORY:
            return frozenset()
        found, unlisted = self._candidates(path, with_base=True)
        names = frozenset(name for name in found if isinstance(self.lookup(child(path, name)), Entry))
        return unlisted if unlisted and not names else names

    def _candidates(self, path: str, *, with_base: bool) -> tuple[set[str], Unknown | None]:
        """The names that may be in the folder: more than there are, never fewer that are known."""
        found: set[str] = set()
        unlisted: Unknown | None = None
        seen: set[tuple[int, str]] = set()
        for record, number, at in self._layers(path):
            if (id(record), at) not in seen:
                seen.add((id(record), at))
                found |= record.children.get(at, set())
            listed: frozenset[str] | Unknown = frozenset()
            if number is None:
                if with_base and record.ground is None:
                    listed = record.base.names(at)
            else:
                layer = record.layers[number]
                if isinstance(layer, Copied):
                    listed = layer.source.names(layer.source_path(at))
                elif isinstance(layer, Observed):
                    listed = layer.files.names(at)
                elif isinstance(layer, Obscured) and layer.suffixes:
                    listed = layer.unknown
                elif isinstance(layer, RemovedAt):
                    break
            if isinstance(listed, Unknown):
                unlisted = unlisted or listed
            else:
                found |= listed
            if number is not None and isinstance(record.layers[number], Observed):
                break
        return found, unlisted

    def read(self, path: str) -> bytes | Unknown:
        """The bytes of a file: as an instruction wrote them, or those of its checkout source."""
        match self.lookup(path):
            case Unknown() as unknown:
                return unknown
            case Entry(altered=Unknown() as altered):
                return altered
            case Entry(content=bytes() as content):
                return content
            case Entry(compiled=compiled) if compiled is not None:
                return Unknown(f"{path} is compiled")
            case Entry(packed=packed) if packed is not None:
                return Unknown(f"{path} is a zip file")
            case Entry(stored=Stored() as stored):
                return stored.files.read(stored.path)
            case Entry(kind=FileKind.FILE, source=str() as source):
                return self._checkout.read(source)
            case Entry(kind=FileKind.FILE):
                return Unknown(f"the content of {path} is not known: it is the base image's")
            case _:
                return Unknown(f"{path} is not a file of the image")

    def listing(self) -> Iterator[tuple[str, Entry]]:
        """Every path that the build added to its base image, sorted, folders included."""
        todo = ["/"]
        count = 0
        effort = self._record.effort
        end = effort.looked + MOST_LOOKED
        while todo and count < MOST_LISTED and effort.looked < end:
            path = todo.pop()
            here = self.lookup(path)
            if not isinstance(here, Entry):
                continue
            if here.made_by is not None and path != "/":
                count += 1
                yield path, here
            if here.kind is FileKind.DIRECTORY:
                moved = here.made_by is not None
                names, _ = self._candidates(path, with_base=moved)
                todo += sorted((child(path, name) for name in names), reverse=True)

    def layers_at(self, path: str, most: int) -> int:
        """How many layers may speak about `path`; stops counting at `most`."""
        return sum(1 for _ in islice(self._layers(path), most))

    def before_removal(self, path: str) -> Answer | None:
        """What was at `path` before the layer that took it away; None if no layer did."""
        for record, number, at in self._layers(path):
            if number is not None and isinstance(record.layers[number].answer(at), Removed):
                return self._before(record, number).lookup(at)
        return None

    def _before(self, record: Record, number: int) -> ImageTree:
        """The files as they were before that layer."""
        if number not in record.moments:
            record.moments[number] = ImageTree(record, number, self._checkout, self.depth)
        return record.moments[number]

    def layers(self) -> Iterator[Layer]:
        """Every layer above the base image, the last first."""
        tree: ImageTree | None = self
        while tree is not None:
            yield from reversed(tree._record.layers[: tree._length])
            tree = tree._record.ground


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
