"""An image that was built in the place of the one that the Dockerfile makes: its files, known to the last byte."""

from __future__ import annotations

import re

from msgspec.structs import replace

from parity.archive.description import Configured
from parity.archive.read import BuiltImage
from parity.archive.tree import ArchiveTree
from parity.build.image import Image, ImageConfig
from parity.image.builder import ImageBuilder
from parity.image.layers import Observed
from parity.image.tree import ImageTree
from parity.model.location import Unknown
from parity.tree.base import Absent, Answer, Entry, FileKind, FileTree, child, clean, join, parent_of
from parity.tree.links import follow
from parity.tree.which import DEFAULT_PATH

SITE = re.compile(r"/(?:site|dist)-packages/")


class BuiltTree:
    """The files of `built`. Where one is what the Dockerfile makes now, it says from where it comes, too.

    A `FileTree`. `planned`: what the Dockerfile makes now; `checkout`: where its sources lie.
    """

    def __init__(self, built: ArchiveTree, planned: ImageTree, checkout: FileTree, root: str) -> None:
        """`root`: the build context, a path of the checkout."""
        self.built = built
        self._roots = (root, join(root, "src"))
        self.planned = planned
        self._checkout = checkout
        self._same: dict[str, bool | None] = {}

    def lookup(self, path: str) -> Answer:
        there = self.built.lookup(path)
        if not isinstance(there, Entry):
            return there
        plan = self.plan(path)
        if plan is None or plan.kind is not there.kind:
            return replace(there, source=self._source(path)) if there.kind is FileKind.FILE else there
        there = replace(there, made_by=plan.made_by)
        if there.kind is FileKind.FILE and self.same(path) is False:
            return there
        return replace(there, source=plan.source, compiled=plan.compiled, packed=plan.packed)

    def names(self, path: str) -> frozenset[str] | Unknown:
        return self.built.names(path)

    def read(self, path: str) -> bytes | Unknown:
        return self.built.read(path)

    def place(self, path: str) -> str:
        """Where the image has it: a folder of the base image that nobody knows may be a link."""
        if isinstance(self.built.lookup(path), Entry):
            return path
        return follow(self.built, path, last=False).path

    def plan(self, path: str) -> Entry | None:
        """What the instructions that can be read put there."""
        plan: Entry | Absent | Unknown = self.planned.lookup(path)
        if isinstance(plan, Unknown):
            plan = self.planned.readable(path)
        return plan if isinstance(plan, Entry) else None

    def same(self, path: str) -> bool | None:
        """Has the file the content that the Dockerfile gives it now? None where that cannot be told."""
        if path not in self._same:
            self._same[path] = self._compare(path)
        return self._same[path]

    def _compare(self, path: str) -> bool | None:
        plan = self.plan(path)
        if plan is None or plan.altered or plan.compiled or plan.packed:
            return None
        if plan.content is None and plan.source is None:
            return None  # it is the base image's
        if plan.source is None and self._is_console_script(path, plan):
            return None  # each installer writes it in its own words
        wanted = plan.content if plan.content is not None else self._checkout.read(plan.source or "")
        if isinstance(wanted, Unknown):
            return None
        place = self.place(path)
        size = self.built.size(place)
        if size is None or size != len(wanted):
            return None if size is None else False
        content = self.built.read(place)
        return None if isinstance(content, Unknown) else content == wanted

    def _source(self, path: str) -> str | None:
        """The file of the checkout that an installer of which little is known has copied to site-packages."""
        found = SITE.search(path)
        for root in self._roots if found and path.endswith(".py") else ():
            source = join(root, path[found.end() :]) if found else ""
            if isinstance(self._checkout.lookup(source), Entry):
                return source if self._checkout.read(source) == self.built.read(path) else None
        return None

    def _is_console_script(self, path: str, plan: Entry) -> bool:
        """Does it lie beside an interpreter, and begin with the line that names one?"""
        folder = parent_of(path)
        beside = (self.planned.lookup(child(folder, name)) for name in ("python", "python3"))
        return (plan.content or b"").startswith(b"#!") and any(isinstance(one, Entry) for one in beside)


def as_built(image: Image, built: BuiltImage, files: BuiltTree, checkout: FileTree) -> Image:
    """The image with the files and the configuration of the one that was built: nothing of it is in doubt."""
    builder = ImageBuilder(image.tree, checkout)
    builder.append(Observed(files))
    planned = image.tree
    return replace(
        image,
        tree=builder.snapshot(),
        config=configuration_of(built.config, image.config),
        base=replace(image.base, unknown=None, floating=False, bare=False),
        unknowns=(),
        missing_sources=(),
        planned=planned,
    )


def configuration_of(built: Configured, planned: ImageConfig) -> ImageConfig:
    """As an engine reads it. The instructions that set it are those of the plan, as far as the two are the same."""
    environment = {"PATH": DEFAULT_PATH} | variables(built)
    entrypoint = tuple(built.entrypoint) if built.entrypoint else None
    cmd = tuple(built.cmd) if built.cmd else None
    directory = built.working_dir or "/"
    return ImageConfig(
        working_directory=clean(directory),
        environment=environment,
        user=built.user or None,
        entrypoint=entrypoint,
        cmd=cmd,
        shell=planned.shell,
        volumes=planned.volumes,
        entrypoint_at=planned.entrypoint_at,
        cmd_at=planned.cmd_at,
        written_directory=directory,
    )


def variables(built: Configured) -> dict[str, str]:
    pairs = (text.partition("=") for text in built.env or ())
    return {name: value for name, _, value in pairs}
