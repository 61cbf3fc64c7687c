"""Which files an image has at each moment of its build.

`ImageTree` is one moment of a build: its layers are asked from the last back, then those of the tree it grew
from, then the base image. Nothing walks a folder to answer a lookup; only `listing` lists. `ImageBuilder`
grows one: each change appends a layer, so every earlier moment stays what it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from parity.image.effort import A_LOOK, MOST_LOOKED
from parity.image.layers import (
    CannotKnow,
    Changed,
    Copied,
    Layer,
    Mine,
    Obscured,
    Observed,
    Removed,
    RemovedAt,
    Renamed,
    RenamedAt,
)
from parity.image.record import Record
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
    within,
)

MOST_LISTED = 500_000
"""Paths that `listing` gives at most."""


def _together(doubts: list[Unknown]) -> Unknown:
    """One doubt for all of them (the last step's first): the most powerful one, with the others beside it."""
    if len(doubts) == 1:
        return doubts[0]
    steps = [step for doubt in doubts for step in doubt.steps]
    first, *others = sorted(dict.fromkeys(steps), key=lambda step: (step.early, step.may.rank))
    return replace(first, others=tuple(others), installed=site_packages(reversed(doubts)))


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
