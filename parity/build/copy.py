"""What COPY and ADD do to the files of a stage.

BuildKit: dockerfile2llb dispatchCopy, solver/llbsolver/file docopy, fsutil copy.Copy.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from parity.build.copy_step import GIT, ROOT, URL, CopyStep, MissingSource, name_of
from parity.build.wildcards import expand, has_wildcard, literal_part
from parity.context.build_context import BuildContext
from parity.context.parts import Choice, ChosenTree
from parity.image.builder import ImageBuilder
from parity.image.effort import A_CHOICE, A_COMPARISON, A_FILE, walk
from parity.image.layers import Obscured
from parity.image.modes import NEW_FOLDER
from parity.image.places import InTheWayError, find_doubt, find_folder, find_place, refuse_file_above
from parity.model.errors import ParityError
from parity.model.location import May, Unknown
from parity.tree.base import Absent, Answer, Entry, FileKind, FileTree, clean, join, parent_of
from parity.tree.links import Resolved, follow, passes_root
from parity.tree.memory import MemoryTree

MOST_COMPARED = 2_000
MOST_LAYERS = 25
"""To tell whether a COPY is refused: paths that are looked at, and copies over one another."""


def copy(step: CopyStep, files: ImageBuilder) -> tuple[MissingSource, ...]:
    """Do it. Sources that are missing (or `unsent`, perhaps) are told; the rest goes on as if they were there.

    Raises ParityError for what else makes the build fail.
    """
    doubts = list(_doubts(step, files))
    missing: tuple[MissingSource, ...] = ()
    try:
        missing = _Copying(step, files).run()
    except InTheWayError as refusal:
        if not doubts and not step.is_merge:
            raise
        unknown = doubts[0][1] if doubts else _of_merge(step)
        doubts += [(clean(step.destination), unknown), (refusal.path, unknown)]
    for path, unknown in doubts:
        files.obscure(path, replace(unknown, may=May.ANYTHING), removes=True)
    return missing


def _doubts(step: CopyStep, files: ImageBuilder) -> Iterator[tuple[str, Unknown]]:
    """Paths at which it cannot be told what comes to lie there."""
    destination = clean(step.destination)
    if step.is_merge and _link_matters(step, files):
        yield destination, _of_merge(step)
        yield follow(files, destination).path, _of_merge(step)
    if step.dotted and _has_file(step) and not _is_folder(follow(files, destination).answer):
        yield destination, Unknown("older builders do not take this destination for a folder", step.location)
    if doubt := find_doubt(files, destination):
        yield from ((place, doubt.unknown) for place in doubt.places)


def _of_merge(step: CopyStep) -> Unknown:
    return Unknown("what COPY --link does at an existing destination depends on the builder", step.location)


def _link_matters(step: CopyStep, files: ImageBuilder) -> bool:
    """Would a merge give another image than a plain copy?

    BuildKit: `--link` is a merge where the store can (and without `--chmod`): built on nothing and laid over,
    so links and folders that the image has at the destination do not count. Docker's classic store cannot,
    and copies plainly.
    """
    destination = clean(step.destination)
    place = follow(files, destination)
    onto_folder = _is_folder(place.answer) and not step.destination.endswith("/")
    return place.path != destination or (onto_folder and _has_file(step))


def _has_file(step: CopyStep) -> bool:
    tree = step.source.tree
    sources = (follow(tree, clean(source)).answer for source in step.sources)
    return bool(step.heredocs) or not all(map(_is_folder, sources))


def _is_folder(answer: Answer) -> bool:
    return isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY


class _Copying:
    """One COPY at work."""

    def __init__(self, step: CopyStep, files: ImageBuilder) -> None:
        self.step = step
        self.files = files
        self.missing: list[MissingSource] = []
        self.folder: str | None = None
        """The destination as a folder, once it was made: what is put into it does not move it."""

    def run(self) -> tuple[MissingSource, ...]:
        effort, location = self.files.effort, self.step.location
        effort.spend(walk(self.step.destination), location)
        for written in self.step.sources:
            effort.spend(A_FILE + walk(self.step.destination), location)
            if GIT.match(written) or URL.match(written):
                self._remote(written)
            elif passes_root(self.step.source.tree, clean(written)):
                # BuildKit: getFollowLinks, before 0.15
                self._obscure(Unknown(f"{written} is not found by older builders", self.step.location))
            elif self.step.instruction.is_set("parents"):
                self._with_parents(written)
            else:
                self._local(written)
        for name, body in self.step.heredocs:
            content = body.encode("utf8", "surrogateescape")
            entry = Entry(FileKind.FILE, content=content, mode=0o644, owner=ROOT)
            self._put(MemoryTree({name: entry}), join("/", name), name)
        return tuple(self.missing)

    # -- the sources

    def _remote(self, written: str) -> None:
        if not self.step.instruction.add:
            what = "git ref" if GIT.match(written) else "URL"
            raise ParityError(f"source can't be a {what} for COPY", self.step.location)
        unknown = Unknown(f"the content of {written} is not known", self.step.location)
        if GIT.match(written) or self.step.instruction.is_set("unpack"):
            self._obscure(unknown, folder=True)
            return
        name = name_of(written)
        entry = Entry(FileKind.FILE, altered=unknown, mode=0o600, owner=ROOT)
        self._put(MemoryTree({name: entry}), join("/", name), name)

    def _local(self, written: str) -> None:
        path, tree, effort = clean(written), self.step.source.tree, self.files.effort
        if has_wildcard(path):
            found = expand(tree, path, effort, self.step.location)
            if isinstance(found, Unknown):
                self._obscure(found)
            elif isinstance(found, Absent):
                self._lacking(written, path)
            else:
                for match in found:
                    effort.spend(A_FILE, self.step.location)
                    if match != "/" and follow(tree, match).path == "/":
                        self._obscure(
                            Unknown(f"what {match} leads to, the root, may not be sent", self.step.location)
                        )
                        if not self.step.destination.endswith("/"):
                            return  # a folder by now, or nothing: where the others go is not known either
                    else:
                        self._one(match, written)
                if not found:
                    self._perhaps_unsent(written, literal_part(path))
        else:
            self._one(path, written)

    def _one(self, path: str, written: str) -> None:
        tree = self.step.source.tree
        found = follow(tree, path)
        if isinstance(found.answer, Unknown):
            self._obscure(found.answer)
        elif isinstance(found.answer, Absent):
            self._lacking(written, found.path)
        elif self.step.instruction.add and self._unpacked(found.path, found.answer):
            return
        else:
            self._put(tree, found.path, path.rpartition("/")[2])

    def _lacking(self, written: str, path: str) -> None:
        source = self.step.source
        rule, hidden = None, False
        if isinstance(source.tree, BuildContext) and source.stage is None:
            rule = source.tree.hidden_by(path)
            hidden = rule is not None
        self.missing.append(MissingSource(written, path, self.step.location, rule, source.stage))
        if hidden and isinstance(source.tree, BuildContext):
            everything = BuildContext(source.tree.tree, source.tree.root, None)
            if isinstance(everything.lookup(path), Entry):
                self._put(everything, path, path.rpartition("/")[2])
                return
        why = f"{written} is missing, so the build fails"
        self._obscure(Unknown(why, self.step.location, May.UNBUILT))

    def _perhaps_unsent(self, written: str, folder: str) -> None:
        path = follow(self.step.source.tree, folder).path
        if self.step.source.stage is None and path != "/":
            self.missing.append(MissingSource(written, path, self.step.location, unsent=True))

    def _unpacked(self, path: str, entry: Entry) -> bool:
        if entry.kind is not FileKind.FILE or (self.step.instruction.flag("unpack") or "true").lower() in (
            "false",
            "0",
            "f",
        ):
            return False
        from parity.tree.archive import unpack  # the readers of archives take a while to load

        archive = unpack(self.step.source.tree.read(path), path, self.step.location)
        if archive is None:
            return False
        if isinstance(archive, Unknown):
            self._obscure(archive, folder=True)
            return True
        folder = find_folder(self.files, clean(self.step.destination), self.step.location)
        self._make(folder, NEW_FOLDER)
        if archive.misplaced:
            raise ParityError(
                f"open {archive.misplaced}: not a directory (in the archive {path})", self.step.location
            )
        for below in sorted(archive.implied):
            match self.files.lookup(place := join(folder, below[1:])):
                case Entry(kind=FileKind.FILE):
                    raise InTheWayError(f"open {place}: not a directory", self.step.location, place)
                case Entry(kind=FileKind.SYMLINK):
                    unknown = Unknown(f"{path} is unpacked through the link {place}", self.step.location)
                    self._obscure(unknown, folder=True)
                    return True
        # BuildKit heeds --chown here only since 0.24.
        members = archive.tree if self.step.owner is None else archive.of_anybody
        self.files.copy_from(members, "/", folder)
        return True

    # -- the destination

    def _put(self, tree: FileTree, path: str, name: str) -> None:
        """Copy what is at `path` of `tree` (links followed already) to the destination; `name` as written."""
        entry = tree.lookup(path)
        if isinstance(entry, Entry) and entry.kind is FileKind.DIRECTORY:
            if not self.step.destination.endswith("/"):
                self._check_onto(entry, self._place().path)
            self._merge(*self._less_excluded(tree, path), self._folder())
        elif isinstance(entry, Entry):
            self._file(tree, path, name)

    def _place(self) -> Resolved:
        """The destination, links followed inside the image."""
        return find_place(self.files, clean(self.step.destination), self.step.location)

    def _folder(self) -> str:
        """The destination as a folder, made if it is not there."""
        if self.folder is None:
            self.folder = find_folder(self.files, clean(self.step.destination), self.step.location)
            self._make(self.folder, self.step.mode.of_new_folders if self.step.mode else NEW_FOLDER)
        return self.folder

    def _make(self, folder: str, mode: int) -> None:
        """The folder and those above it, as far as they are not there."""
        self.files.make_folders(folder, mode, self.step.owner or ROOT)

    def _less_excluded(self, tree: FileTree, folder: str) -> tuple[FileTree, str]:
        """The tree and the folder in it to copy from, once `--exclude` is heeded."""
        excluded = self.step.instruction.flag_values("exclude")
        return (self._chosen(tree, folder, None), "/") if excluded else (tree, folder)

    def _chosen(self, tree: FileTree, folder: str, wanted: str | None) -> ChosenTree:
        """What `--parents` (`wanted`) and `--exclude` leave of a folder.

        BuildKit (contenthash: includedPaths) wants the links at the top of a context or stage that are copied
        in this way to lead somewhere.
        """
        excluded = self.step.instruction.flag_values("exclude")
        if any(has_wildcard(pattern) for pattern in (*excluded, wanted or "")):
            self.files.effort.spend(A_CHOICE, self.step.location)
        chosen = ChosenTree(tree, folder, Choice(wanted, excluded, self.step.location))
        names = chosen.names("/") if folder == "/" else frozenset()
        for name in () if isinstance(names, Unknown) else sorted(names):
            entry = chosen.lookup("/" + name)
            if isinstance(entry, Entry) and entry.kind is FileKind.SYMLINK:
                end = follow(tree, "/" + name)
                if isinstance(end.answer, Absent):
                    self._lacking(name, end.path)
        return chosen

    def _merge(self, tree: FileTree, path: str, folder: str) -> None:
        there = self.files.snapshot()
        if there.layers_at(folder, MOST_LAYERS) < MOST_LAYERS:
            for below, entry in _common(tree, path, there, folder):
                self.files.effort.spend(A_COMPARISON, self.step.location)
                self._check_onto(entry, join(folder, below))
        self.files.copy_from(tree, path, folder, self.step.mode, self.step.of_files)

    def _file(self, tree: FileTree, path: str, name: str) -> None:
        target = self._target(name)
        if target is None:
            return
        self._check_onto(tree.lookup(path), target)
        self._make(parent_of(target), self.step.mode.of_new_folders if self.step.mode else NEW_FOLDER)
        self.files.copy_from(tree, path, target, self.step.mode, self.step.of_files)

    def _target(self, name: str) -> str | None:
        """Where a file called `name` comes to lie; None where that cannot be told (and is recorded)."""
        if self.step.destination.endswith("/"):
            return join(self._folder(), name)
        place = self._place()
        match place.answer:
            case Entry(kind=FileKind.DIRECTORY):
                return join(place.path, name)
            case Unknown() as unknown if not _surely_file(place.path, name):
                self.files.make_directory(parent_of(place.path))
                self.files.append(Obscured(place.path, unknown))
                return None
            case Absent():
                refuse_file_above(self.files, place.path, self.step.location)
        return place.path

    def _check_onto(self, entry: Answer, target: str) -> None:
        """BuildKit refuses a folder onto anything else, and anything else onto a folder."""
        here = self.files.lookup(target)
        if not isinstance(here, Entry) or not isinstance(entry, Entry):
            return
        if entry.kind is FileKind.DIRECTORY and here.kind is not FileKind.DIRECTORY:
            raise InTheWayError(f"cannot copy to non-directory: {target}", self.step.location, target)
        if entry.kind is not FileKind.DIRECTORY and here.kind is FileKind.DIRECTORY:
            raise InTheWayError(f"cannot replace to directory {target} with file", self.step.location, target)

    def _obscure(self, unknown: Unknown, *, folder: bool = False) -> None:
        place = self._place()
        if folder or self.step.destination.endswith("/"):
            self.files.make_directory(place.path)
        else:
            self.files.make_directory(parent_of(place.path))
        self.files.append(Obscured(place.path, unknown))

    # -- --parents

    def _with_parents(self, written: str) -> None:
        """BuildKit: the part after the first `/./` (else all of it) is a pattern, kept below dest."""
        base, pivot, pattern = written.partition("/./")
        if not pivot:
            base, pattern = "/", written
        base, pattern, tree = clean(base), clean(pattern)[1:], self.step.source.tree
        found = expand(tree, base, self.files.effort, self.step.location) if has_wildcard(base) else (base,)
        if isinstance(found, Unknown):
            self._obscure(found, folder=True)
        elif isinstance(found, Absent):
            self._lacking(written, base)
        else:
            for one in found:
                self._parents_below(one, pattern, written, named=one == base)
            if not found:
                self._perhaps_unsent(written, literal_part(base))

    def _parents_below(self, base: str, pattern: str, written: str, *, named: bool) -> None:
        """`named`: the Dockerfile names `base` itself, and no wildcard found it."""
        tree = self.step.source.tree
        start = follow(tree, base)
        match start.answer:
            case Unknown() as unknown:
                self._obscure(unknown, folder=True)
            case Absent():
                self._lacking(written, start.path)
            case Entry(kind=FileKind.DIRECTORY):
                part = self._chosen(tree, start.path, pattern)
                must_be = named and not has_wildcard(pattern)
                if must_be and (not pattern or isinstance(part.lookup("/" + pattern), Absent)):
                    self._lacking(written, join(start.path, pattern))
                else:
                    if named and part.names("/") == frozenset():
                        self._perhaps_unsent(written, start.path)
                    self._merge(part, "/", self._folder())
            case Entry():
                self._file(tree, start.path, base.rpartition("/")[2])


def _surely_file(path: str, name: str) -> bool:
    """Would anyone give a folder this name? Asked only where the base image may have anything there."""
    folder, _, last = path.rpartition("/")
    return last == name or "." in last[1:] or folder.endswith("bin")


def _common(tree: FileTree, folder: str, other: FileTree, place: str) -> Iterator[tuple[str, Entry]]:
    """What is below both folders, by relative path, as the first has it."""
    todo = [""]
    visited = 0
    while todo and visited < MOST_COMPARED:
        at = todo.pop()
        names = other.names(join(place, at))
        for name in () if isinstance(names, Unknown) else names:
            visited += 1
            below = f"{at}/{name}" if at else name
            entry = tree.lookup(join(folder, below))
            if isinstance(entry, Entry):
                yield below, entry
                if entry.kind is FileKind.DIRECTORY:
                    todo.append(below)
