"""What does a RUN step see where something is mounted? Nothing below a mount target persists."""

from __future__ import annotations

from collections.abc import Sequence

from parity.build.step import ResolvedMount
from parity.context.parts import LackingTree
from parity.model.location import Unknown
from parity.model.packages import NOTHING_INSTALLED
from parity.tree.base import ABSENT, Absent, Answer, Entry, FileKind, FileTree, below, join, within
from parity.tree.links import follow
from parity.tree.unchanged import UnchangedTree
from parity.tree.writable import Content, WritableTree


class MountedTree:
    """A `WritableTree` with mounts over it: reads below a target see the mount, writes there are dropped.

    A bind mount shows its source; what a step writes into a mount is not remembered but for the step
    itself not to fail on it: names that are absent there are Unknown once something was written.
    """

    def __init__(self, files: WritableTree, mounts: Sequence[ResolvedMount]) -> None:
        self.files = files
        self.mounts = tuple(sorted(mounts, key=lambda mount: -len(mount.target)))
        self._written: dict[str, Unknown] = {}

    def _mount(self, path: str) -> ResolvedMount | None:
        return next((mount for mount in self.mounts if within(path, mount.target)), None)

    def _on_the_way(self, path: str) -> bool:
        return any(within(mount.target, path) for mount in self.mounts)

    def lookup(self, path: str) -> Answer:
        mount = self._mount(path)
        if mount is None:
            here = self.files.lookup(path)
            if isinstance(here, Absent) and self._on_the_way(path):
                return Entry(FileKind.DIRECTORY, mode=0o755)
            return here
        written = self._written.get(mount.target)
        if mount.source is None:
            if mount.kind == "secret":
                return Unknown(
                    "whether the build is given the secret is not known", installed=NOTHING_INSTALLED
                )
            if path == mount.target:
                return Entry(FileKind.DIRECTORY, mode=0o755)
            return written or (Unknown("a cache's content is not known") if mount.kind == "cache" else ABSENT)
        answer = mount.source.lookup(self._source(mount, path))
        return written if written and isinstance(answer, Absent) else answer

    def _source(self, mount: ResolvedMount, path: str) -> str:
        assert mount.source is not None
        top = follow(mount.source, mount.source_path).path
        rest = below(path, mount.target)
        return join(top, rest) if rest else top

    def names(self, path: str) -> frozenset[str] | Unknown:
        mount = self._mount(path)
        if mount is not None:
            if mount.source is None:
                return frozenset()
            return mount.source.names(self._source(mount, path))
        names = self.files.names(path)
        if isinstance(names, Unknown):
            return names
        stem = path.rstrip("/") + "/"
        return names | {
            mount.target[len(stem) :].partition("/")[0]
            for mount in self.mounts
            if mount.target.startswith(stem) and mount.target != path
        }

    def read(self, path: str) -> bytes | Unknown:
        mount = self._mount(path)
        if mount is None:
            return self.files.read(path)
        if mount.source is None:
            return Unknown(f"what {path} holds is not known: it is a {mount.kind} mount")
        return mount.source.read(self._source(mount, path))

    def snapshot(self) -> FileTree:
        return MountedTree(UnchangedTree(self.files.snapshot()), self.mounts)

    def _dropped(self, path: str) -> bool:
        """Is `path` below a mount? Then a change there is gone after the step."""
        mount = self._mount(path)
        if mount is None:
            return False
        self._written[mount.target] = Unknown(f"the step has changed files below the mount {mount.target}")
        return True

    def make_directory(self, path: str, mode: int | None = None) -> None:
        if not self._dropped(path):
            self.files.make_directory(path, mode)

    def write(self, path: str, content: Content, mode: int | None = None) -> None:
        if not self._dropped(path):
            self.files.write(path, content, mode)

    def link(self, path: str, target: str) -> None:
        if not self._dropped(path):
            self.files.link(path, target)

    def remove(self, path: str) -> None:
        if not self._dropped(path):
            self.files.remove(path)

    def rename(self, old: str, new: str) -> None:
        if self._mount(old) is None and self._mount(new) is None:
            self.files.rename(old, new)
        else:
            self.copy(old, new)
            self.remove(old)

    def copy(self, old: str, new: str, *, without: frozenset[str] = frozenset()) -> None:
        mount = self._mount(old)
        if self._dropped(new):
            return
        if mount is None and self._on_the_way(old):
            self._copy_below(old, new, without)
        elif mount is None:
            self.files.copy(old, new, without=without)
        elif mount.source is not None:
            at = self._source(mount, old)
            if without:
                self.files.copy_from(LackingTree(mount.source, at, without), "/", new)
            else:
                self.files.copy_from(mount.source, at, new)
        else:
            self.files.obscure(new, Unknown(f"it is copied from the {mount.kind} mount {mount.target}"))

    def _copy_below(self, old: str, new: str, without: frozenset[str]) -> None:
        """A folder with a mount somewhere in it."""
        self.files.make_directory(new)
        names = self.names(old)
        for name in () if isinstance(names, Unknown) else sorted(names):
            if name not in without:
                inside = frozenset(path[len(name) + 1 :] for path in without if path.startswith(name + "/"))
                self.copy(join(old, name), join(new, name), without=inside)

    def copy_from(self, other: FileTree, old: str, new: str) -> None:
        if not self._dropped(new):
            self.files.copy_from(other, old, new)

    def change_mode(self, path: str, mode: int | None, owner: str | None, *, recursive: bool) -> None:
        if not self._dropped(path):
            self.files.change_mode(path, mode, owner, recursive=recursive)

    def obscure(
        self, folder: str, unknown: Unknown, *, suffixes: tuple[str, ...] = (), removes: bool = False
    ) -> None:
        if not self._dropped(folder):
            self.files.obscure(folder, unknown, suffixes=suffixes, removes=removes)
