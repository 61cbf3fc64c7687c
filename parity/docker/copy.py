"""What COPY and ADD do to the files of a stage.

BuildKit: dockerfile2llb dispatchCopy, solver/llbsolver/file docopy, fsutil copy.Copy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from parity.docker.archive import unpack
from parity.docker.context import BuildContext
from parity.docker.expand import expand_heredoc
from parity.docker.ignore import IgnoreRule
from parity.docker.image import ImageBuilder
from parity.docker.instructions import Copy
from parity.docker.layers import Obscured
from parity.docker.patterns import excluding, matching
from parity.docker.wildcards import expand, has_wildcard
from parity.model.errors import ParityError
from parity.model.location import Location, Unknown
from parity.tree.base import Absent, Answer, Entry, FileKind, FileTree, clean, join
from parity.tree.links import Resolved, follow
from parity.tree.memory import MemoryTree

ROOT = "0:0"
MOST_COMPARED, MOST_LAYERS = 2_000, 25
"""To tell whether a COPY is refused: paths that are looked at, and copies over one another."""
URL = re.compile(r"https?://", re.IGNORECASE)
GIT = re.compile(r"(git|ssh)://|git@[^/:]+:|https?://[^#?]+\.git(#|\?|$)", re.IGNORECASE)
SYMBOLIC_MODE = re.compile(r"[ugoa]*([-+=]([rwxXst]*|[ugo]))+(,[ugoa]*([-+=]([rwxXst]*|[ugo]))+)*")


@dataclass(frozen=True, slots=True)
class MissingSource:
    """A source that the build does not find, so it fails there.

    `written` as in the Dockerfile (expanded); `path` absolute in the context or the stage; `hidden_by` the
    ignore rule that hides it, if one does; `stage` what `--from` names, None for the build context.
    """

    written: str
    path: str
    location: Location
    hidden_by: IgnoreRule | None = None
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class CopySource:
    """Where the sources of a COPY lie. `stage`: what `--from` names, None for the build context."""

    tree: FileTree
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class CopyStep:
    """A COPY or ADD with all variables expanded."""

    instruction: Copy
    source: CopySource
    sources: tuple[str, ...]
    destination: str
    heredocs: tuple[tuple[str, str], ...]
    mode: int | None
    owner: str | None

    @property
    def location(self) -> Location:
        return self.instruction.location


def prepare(
    instruction: Copy,
    source: CopySource,
    *,
    environment: Mapping[str, str],
    working_directory: str,
    word: Callable[[str], str],
) -> CopyStep:
    """Expand and check the operands. `word` expands one word. Raises ParityError where BuildKit refuses."""
    written = word(instruction.destination)
    destination = join(working_directory, written)
    if written in ("", ".") or written.endswith(("/", "/.")):
        destination = destination.rstrip("/") + "/"
    chmod, chown = instruction.flag("chmod"), instruction.flag("chown")
    if instruction.is_set("parents") and not destination.endswith("/"):
        raise ParityError(
            "with --parents, destination must be a directory and end with a /", instruction.location
        )
    return CopyStep(
        instruction,
        source,
        tuple(word(one) for one in instruction.sources),
        destination,
        tuple(
            (
                doc.name,
                expand_heredoc(doc.content, environment, instruction.location) if doc.expand else doc.content,
            )
            for doc in instruction.heredocs
        ),
        _mode(word(chmod), instruction.location) if chmod is not None else None,
        word(chown) if chown is not None else ROOT if source.stage is None else None,
    )


def _mode(text: str, location: Location) -> int | None:
    if re.fullmatch("[0-7]+", text) and int(text, 8) <= 0o7777:
        return int(text, 8)
    if SYMBOLIC_MODE.fullmatch(text):
        return None
    raise ParityError(
        f"invalid chmod parameter: '{text}'. it should be octal string and between 0 and 07777", location
    )


def copy(step: CopyStep, files: ImageBuilder) -> tuple[MissingSource, ...]:
    """Do it. Sources that are missing are told, and the rest goes on as if they were there.

    Raises ParityError for what else makes the build fail.
    """
    doubtful = step.instruction.is_set("link") and _link_matters(step, files)
    missing = _Copying(step, files).run()
    if doubtful:
        unknown = Unknown(
            "what COPY --link does at an existing destination depends on the builder", step.location
        )
        files.obscure(clean(step.destination), unknown, removes=True)
    return missing


def _link_matters(step: CopyStep, files: ImageBuilder) -> bool:
    """Would a merge give another image than a plain copy?

    BuildKit: `--link` is a merge where the store can: built on nothing and laid over, so links and folders
    that the image has at the destination do not count. Docker's classic store cannot, and copies plainly.
    """
    destination = clean(step.destination)
    place = follow(files, destination)
    is_folder = isinstance(place.answer, Entry) and place.answer.kind is FileKind.DIRECTORY
    return place.path != destination or (is_folder and not step.destination.endswith("/") and _has_file(step))


def _has_file(step: CopyStep) -> bool:
    tree = step.source.tree
    sources = (follow(tree, clean(source)).answer for source in step.sources if not has_wildcard(source))
    return bool(step.heredocs) or any(
        not isinstance(answer, Entry) or answer.kind is not FileKind.DIRECTORY for answer in sources
    )


class _Copying:
    """One COPY at work."""

    def __init__(self, step: CopyStep, files: ImageBuilder) -> None:
        self.step = step
        self.files = files
        self.missing: list[MissingSource] = []

    def run(self) -> tuple[MissingSource, ...]:
        for written in self.step.sources:
            if GIT.match(written) or URL.match(written):
                self._remote(written)
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
        name = clean(urlsplit(written).path).rpartition("/")[2] or "__unnamed__"
        entry = Entry(FileKind.FILE, altered=unknown, mode=0o600, owner=ROOT)
        self._put(MemoryTree({name: entry}), join("/", name), name)

    def _local(self, written: str) -> None:
        path, tree = clean(written), self.step.source.tree
        if has_wildcard(path):
            found = expand(tree, path)
            if isinstance(found, Unknown):
                self._obscure(found)
            elif isinstance(found, Absent):
                self._lacking(written, path)
            else:
                for match in found:
                    self._one(match, written)
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
        self._obscure(Unknown(f"{written} is missing, so the build fails", self.step.location))

    def _unpacked(self, path: str, entry: Entry) -> bool:
        if entry.kind is not FileKind.FILE or (self.step.instruction.flag("unpack") or "true").lower() in (
            "false",
            "0",
            "f",
        ):
            return False
        members = unpack(self.step.source.tree.read(path), path, self.step.location)
        if members is None:
            return False
        if isinstance(members, Unknown):
            self._obscure(members, folder=True)
            return True
        folder = self._folder()
        self.files.copy_from(members, "/", folder)
        return True

    # -- the destination

    def _put(self, tree: FileTree, path: str, name: str) -> None:
        """Copy what is at `path` of `tree` (links followed already) to the destination; `name` as written."""
        entry = tree.lookup(path)
        if isinstance(entry, Entry) and entry.kind is FileKind.DIRECTORY:
            self._merge(*self._less_excluded(tree, path), self._folder())
        elif isinstance(entry, Entry):
            self._file(tree, path, name)

    def _place(self) -> Resolved:
        """The destination, links followed inside the image."""
        place = follow(self.files, clean(self.step.destination))
        if isinstance(place.answer, Absent) and isinstance(self.files.lookup(place.path), Entry):
            raise ParityError(f"too many links: {place.path}", self.step.location)
        return place

    def _folder(self, refusal: str = "cannot copy to non-directory: {}") -> str:
        """The destination as a folder, made if it is not there. `refusal`: what BuildKit says of a file."""
        place = self._place()
        if isinstance(place.answer, Entry) and place.answer.kind is not FileKind.DIRECTORY:
            raise ParityError(refusal.format(place.path), self.step.location)
        if isinstance(place.answer, Absent):
            self._check_parents(place.path)
        self.files.make_directory(place.path, owner=self.step.owner or ROOT)
        return place.path

    def _less_excluded(self, tree: FileTree, folder: str) -> tuple[FileTree, str]:
        """The tree and the folder in it to copy from, once `--exclude` is heeded."""
        patterns = self.step.instruction.flag_values("exclude")
        return (excluding(tree, folder, patterns, self.step.location), "/") if patterns else (tree, folder)

    def _merge(self, tree: FileTree, path: str, folder: str) -> None:
        there = self.files.snapshot()
        if there.layers_at(folder, MOST_LAYERS) < MOST_LAYERS:
            for below, entry in _common(tree, path, there, folder):
                self._check_onto(entry, join(folder, below))
        self.files.copy_from(tree, path, folder, self.step.mode, self.step.owner)

    def _file(self, tree: FileTree, path: str, name: str) -> None:
        target = self._target(name)
        if target is None:
            return
        self._check_onto(tree.lookup(path), target)
        parent = target.rpartition("/")[0] or "/"
        self.files.make_directory(parent, owner=self.step.owner or ROOT)
        self.files.copy_from(tree, path, target, self.step.mode, self.step.owner)

    def _target(self, name: str) -> str | None:
        """Where a file called `name` comes to lie; None where that cannot be told (and is recorded)."""
        if self.step.destination.endswith("/"):
            return join(self._folder("mkdir {}: not a directory"), name)
        place = self._place()
        match place.answer:
            case Entry(kind=FileKind.DIRECTORY):
                return join(place.path, name)
            case Unknown() as unknown if not _surely_file(place.path, name):
                self.files.make_directory(place.path.rpartition("/")[0] or "/")
                self.files.append(Obscured(place.path, unknown))
                return None
            case Absent():
                self._check_parents(place.path)
        return place.path

    def _check_parents(self, path: str) -> None:
        while (path := path.rpartition("/")[0]) != "":
            answer = self.files.lookup(path)
            if isinstance(answer, Entry) and answer.kind is FileKind.FILE:
                raise ParityError(f"mkdir {path}: not a directory", self.step.location)
            if isinstance(answer, Entry):
                return

    def _check_onto(self, entry: Answer, target: str) -> None:
        """BuildKit refuses a folder onto anything else, and anything else onto a folder."""
        here = self.files.lookup(target)
        if not isinstance(here, Entry) or not isinstance(entry, Entry):
            return
        if entry.kind is FileKind.DIRECTORY and here.kind is not FileKind.DIRECTORY:
            raise ParityError(f"cannot copy to non-directory: {target}", self.step.location)
        if entry.kind is not FileKind.DIRECTORY and here.kind is FileKind.DIRECTORY:
            raise ParityError(f"cannot replace to directory {target} with file", self.step.location)

    def _obscure(self, unknown: Unknown, *, folder: bool = False) -> None:
        place = self._place()
        if folder or self.step.destination.endswith("/"):
            self.files.make_directory(place.path)
        else:
            self.files.make_directory(place.path.rpartition("/")[0] or "/")
        self.files.append(Obscured(place.path, unknown))

    # -- --parents

    def _with_parents(self, written: str) -> None:
        """BuildKit: the part after the first `/./` (else all of it) is a pattern, kept below dest."""
        base, pivot, pattern = written.partition("/./")
        if not pivot:
            base, pattern = "/", written
        pattern = clean(pattern)[1:]
        tree = self.step.source.tree
        bases = expand(tree, clean(base))
        folder = self._folder()
        if isinstance(bases, Unknown):
            self.files.append(Obscured(folder, bases))
            return
        roots = () if isinstance(bases, Absent) else bases
        found = [path for root in roots for path in self._below(root, pattern, folder)]
        if not found and not has_wildcard(clean(written)):
            self._lacking(written, clean(written))

    def _below(self, base: str, pattern: str, folder: str) -> Iterator[str]:
        tree = self.step.source.tree
        start = follow(tree, base)
        if not isinstance(start.answer, Entry) or start.answer.kind is not FileKind.DIRECTORY:
            return
        tree, root = self._less_excluded(tree, start.path)
        for below in matching(tree, root, pattern):
            if isinstance(below, Unknown):
                self.files.append(Obscured(folder, below))
                continue
            source, target = join(root, below), join(folder, below)
            entry = tree.lookup(source)
            self._check_onto(entry, target)
            if isinstance(entry, Entry) and entry.kind is FileKind.DIRECTORY:
                self.files.make_directory(target, owner=self.step.owner or ROOT)
                self._merge(tree, source, target)
            else:
                parent = target.rpartition("/")[0] or "/"
                self.files.make_directory(parent, owner=self.step.owner or ROOT)
                self.files.copy_from(tree, source, target, self.step.mode, self.step.owner)
            yield below


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
