"""What would fail in an image of a clean checkout, and does not in that of this one?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from itertools import chain

from msgspec.structs import replace

from parity.analysis.analysis import Analysis, Untracked
from parity.analysis.program import refused_program
from parity.git.work_tree import CleanTree, WorkTree
from parity.model.errors import ParityError
from parity.model.location import Location, Unknown
from parity.startup.simulate import Startup
from parity.startup.state.failures import Failure, FailureKind
from parity.tree.base import Entry, FileTree, within
from parity.verdict.plausible import GENERATED_NAMES

_SAYS_GENERATED = re.compile(
    rb"^\s*(?:#|\"{3}|'{3}).*(?:generated|do not edit)", re.IGNORECASE | re.MULTILINE
)
_HEAD = 600
"""Bytes at the start of a file in which a generator says that it wrote it."""


def with_untracked(
    analysis: Analysis,
    seen: Set[str],
    work_tree: WorkTree,
    examined: Callable[[FileTree, Callable[[str], bool]], Analysis],
) -> Analysis:
    """The facts, and what git does not have of the files that they rest on.

    `seen`: the checkout's files that were read; `examined`: the same question to other files, and whether git leaves a
    path out: what it leaves out on purpose, a build is likely to make.
    """
    opened = {path for startup in analysis.startups for path in startup.opened}
    if not work_tree.untracked({*seen, *opened}) or not work_tree.tracks(analysis.image.context.root):
        return analysis
    try:
        clean = examined(CleanTree(work_tree), work_tree.ignore.ignores_on_purpose)
    except ParityError:  # git has not even what the build needs
        return analysis
    found: dict[str, Untracked] = {}
    for one in _untracked(analysis, clean, work_tree):
        first = found.setdefault(one.place, one)
        if first is not one:
            also = first.failure.also_breaks + 1 + one.failure.also_breaks
            found[one.place] = replace(first, failure=replace(first.failure, also_breaks=also))
    return replace(analysis, untracked=tuple(found.values()))


def _untracked(analysis: Analysis, clean: Analysis, work_tree: WorkTree) -> Iterator[Untracked]:
    later = ((None, one.failure) for one in clean.deferred)
    failures: Iterator[tuple[Startup | None, Failure]] = chain(
        _program(analysis, clean), clean.failures(), later
    )
    still = {failure.key for _, failure in analysis.failures()}
    still |= {one.failure.key for one in analysis.deferred} | {one.failure.key for one in analysis.brought}
    for startup, failure in failures:
        path = failure.root.in_checkout
        if not path or failure.key in still or work_tree.tracks(path):
            continue
        if _is_generated(failure.root, work_tree.tree):
            continue
        ignored = work_tree.ignored(path)
        place = ignored.place if ignored is not None else work_tree.untracked_place(path)
        yield Untracked(startup, failure, place, ignored)
    yield from _named(analysis, clean, work_tree)


def _named(analysis: Analysis, clean: Analysis, work_tree: WorkTree) -> Iterator[Untracked]:
    """What a COPY names and the start-up uses: the build of a clean checkout fails."""
    for missing in clean.image.missing_sources:
        place = clean.image.context.checkout_path(missing.path)
        if missing.stage is not None or missing.hidden_by is not None or work_tree.tracks(place):
            continue
        for startup in analysis.startups:
            modules = [f"/{module.source}" for module in startup.modules if module.source]
            used = next((path for path in (*modules, *startup.opened) if within(path, place)), None)
            if used is not None and isinstance(work_tree.tree.lookup(place), Entry):
                failure = Failure(FailureKind.ENTRYPOINT, "", "", "", (), missing.location, in_checkout=used)
                if not _is_generated(failure, work_tree.tree):
                    yield Untracked(startup, failure, place, work_tree.ignored(place), missing.location)
                break


def _program(analysis: Analysis, clean: Analysis) -> Iterator[tuple[Startup, Failure]]:
    """The start command's own program or script."""
    refused, command = refused_program(clean), analysis.command
    if (
        refused is None
        or not refused.absent
        or not refused.source
        or not analysis.startups
        or command is None
    ):
        return
    place = command.location or Location("")
    yield (
        analysis.startups[0],
        Failure(
            FailureKind.ENTRYPOINT,
            "",
            refused.says,
            "",
            (),
            place,
            in_checkout=refused.source,
            image_path=refused.path,
        ),
    )


def _is_generated(failure: Failure, checkout: FileTree) -> bool:
    """Does a program write it wherever it is needed, by its name or by what it says itself?"""
    module = failure.in_checkout.removesuffix("/__init__.py").removesuffix(".py")
    if GENERATED_NAMES.fullmatch(module.rpartition("/")[2]):
        return True
    content = checkout.read(failure.in_checkout)
    return not isinstance(content, Unknown) and _SAYS_GENERATED.search(content[:_HEAD]) is not None
