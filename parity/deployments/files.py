"""The files of a checkout that may say how images are built and started, by format, and their texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cached_property

from parity.deployments.calls import Call, calls_in
from parity.deployments.format import Format
from parity.deployments.paths import folder_of, read_text
from parity.deployments.registry import FORMATS
from parity.deployments.service import Service
from parity.model.errors import ParityError
from parity.tree.base import FileTree

MOST_FILES = 400
"""Files of one format that are read."""
_FOLDERS = tuple(one.folder for one in FORMATS.values() if one.folder)


class CheckoutFiles:
    """`paths`: checkout paths that `search` gives; `project`: the name of the repository's folder."""

    def __init__(self, paths: Iterable[str], tree: FileTree, project: str) -> None:
        self.paths = tuple(paths)
        self.tree = tree
        self.project = project

    def of(self, form: Format) -> tuple[str, ...]:
        """The files that have a name of the format, the first MOST_FILES."""
        return self.named(form.files, form.folder)

    def named(self, pattern: str, folder: str) -> tuple[str, ...]:
        """Those whose names match, below the folder; where that is "", below no folder of any format."""
        name = re.compile(pattern)
        found = (
            path
            for path in self.paths
            if (path.startswith(folder) if folder else not path.startswith(_FOLDERS))
            and name.fullmatch(path.rpartition("/")[2])
        )
        return tuple(path for path, _ in zip(found, range(MOST_FILES), strict=False))

    def texts(self, form: Format) -> Iterator[tuple[str, str]]:
        """Path and text of each file of the format that can be read and holds a sign of it."""
        for path in self.of(form):
            text = read_text(self.tree, path)
            if text is not None and (not form.signs or any(sign in text for sign in form.signs)):
                yield path, text

    def each(self, form: Format, read: Callable[[str, str], Iterable[Service]]) -> Iterator[Service]:
        """What `read` makes of each text, and its path relative to the root. What it refuses is left out."""
        for path, text in self.texts(form):
            try:
                services = tuple(read(text, path[1:]))
            except ParityError:
                continue
            yield from services

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls of Docker that the checkout makes."""
        return (*self.workflow_calls, *self.script_calls)

    @cached_property
    def workflow_calls(self) -> tuple[Call, ...]:
        found: list[Call] = []
        for path, text in self.texts(FORMATS["workflows"]):
            if "docker" in text:
                from parity.deployments.workflows import calls_of_workflow

                with suppress(ParityError):
                    found += calls_of_workflow(text, path[1:])
        return tuple(found)

    @cached_property
    def script_calls(self) -> tuple[Call, ...]:
        """A script starts in the root or in its own folder."""
        return tuple(
            call
            for path, text in self.texts(FORMATS["scripts"])
            for folder in dict.fromkeys((folder_of(path), "/"))
            for call in calls_in(text, path[1:], folder)
        )
