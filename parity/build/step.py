"""What a RUN step gets to see, and who says what it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from parity.dockerfile.instructions import Heredoc
from parity.model.location import Location, Unknown
from parity.tree.base import FileTree
from parity.tree.writable import WritableTree


class ResolvedMount(Struct, frozen=True):
    """One `RUN --mount`: nothing below `target` (an image path) persists.

    `source` and `source_path`: the files seen there; None for cache, tmpfs, secret and ssh (empty at first).
    A `source_path` may name a single file.
    """

    kind: str
    target: str
    source: FileTree | None
    source_path: str = "/"
    writable: bool = False


class RunStep(Struct, frozen=True):
    """One RUN with everything it depends on but the files.

    Exactly one of `shell_text` (without the bodies of heredocs) and `argv` is given. A RUN that is only a
    heredoc has the empty `shell_text`. `environment` holds ENV and ARG values. `shell` is the SHELL in force.
    `line_map`: for each line of `shell_text`, the line of the Dockerfile it stands on.
    """

    shell_text: str | None
    argv: tuple[str, ...] | None
    heredocs: tuple[Heredoc, ...]
    environment: Mapping[str, str]
    working_directory: str
    user: str | None
    shell: tuple[str, ...]
    mounts: tuple[ResolvedMount, ...]
    location: Location
    line_map: tuple[int, ...] = ()


class RunInterpreter(Protocol):
    """Says what a RUN step does to the files of its stage."""

    def run(self, step: RunStep, files: WritableTree) -> tuple[Unknown, ...]:
        """Apply the step to `files` and give what could not be told besides what `files.obscure` was told.

        Raises ParityError for a step that is certain to fail the build.
        """
        ...
