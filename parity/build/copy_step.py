"""What one COPY or ADD says: its sources, its target, and whose files they become."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec import Struct

from parity.context.ignore import IgnoreRule
from parity.dockerfile.instructions import Copy
from parity.image.modes import Mode
from parity.image.places import refuse_long
from parity.model.errors import ParityError
from parity.model.location import Location
from parity.tree.base import FileTree, clean, join

ROOT = "0:0"


URL = re.compile(r"https?://", re.IGNORECASE)


GIT = re.compile(r"(git|ssh)://|git@[^/:]+:|https?://[^#?]+\.git(#|\?|$)", re.IGNORECASE)


class MissingSource(Struct, frozen=True):
    """A source that the build does not find, so it fails there.

    `written` as in the Dockerfile (expanded); `path` absolute in the context or the stage; `hidden_by` the
    ignore rule that hides it, if one does; `stage` what `--from` names, None for the build context.
    `unsent`: `path` is a folder of the context in which a wildcard finds nothing. The client sends only what
    some instruction names, so the builder has no such folder, unless another one takes something of it.
    """

    written: str
    path: str
    location: Location
    hidden_by: IgnoreRule | None = None
    stage: str | None = None
    unsent: bool = False


class CopySource(Struct, frozen=True):
    """Where the sources of a COPY lie. `stage`: what `--from` names, None for the build context."""

    tree: FileTree
    stage: str | None = None


class CopyStep(Struct, frozen=True):
    """A COPY or ADD with all variables expanded. `mode`, `owner`: of `--chmod` and `--chown`, None without.

    `dotted`: the destination is relative and ends with `/.`, which BuildKit takes for a folder only since 0.14.
    """

    instruction: Copy
    source: CopySource
    sources: tuple[str, ...]
    destination: str
    heredocs: tuple[tuple[str, str], ...]
    mode: Mode | None
    owner: str | None
    dotted: bool

    @property
    def location(self) -> Location:
        return self.instruction.location

    @property
    def is_merge(self) -> bool:
        """Does a builder that can lay this over the image, rather than copy into it?"""
        return self.instruction.is_set("link") and self.mode is None

    @property
    def of_files(self) -> str | None:
        """Whose the files are that are copied; None: the same as in the source."""
        return self.owner or (ROOT if self.source.stage is None else None)


def name_of(url: str) -> str:
    """The file that a URL becomes. BuildKit: dispatchCopy: `__unnamed__` for one that Go cannot read, too."""
    try:
        return clean(urlsplit(url).path).rpartition("/")[2] or "__unnamed__"
    except ValueError:
        return "__unnamed__"


def prepare(
    instruction: Copy,
    source: CopySource,
    *,
    working_directory: str,
    word: Callable[[str], str],
    body: Callable[[str], str],
) -> CopyStep:
    """Expand and check the operands. `word` expands one word, `body` that of a heredoc.

    Raises ParityError where BuildKit refuses.
    """
    written = word(instruction.destination)
    destination = join(working_directory, written)
    if written in ("", ".") or written.endswith(("/", "/.")):
        destination = destination.rstrip("/") + "/"
    refuse_long(destination, instruction.location)
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
        tuple((doc.name, body(doc.content) if doc.expand else doc.content) for doc in instruction.heredocs),
        Mode.read(word(chmod), instruction.location) if chmod is not None else None,
        (word(chown) or None) if chown is not None else None,
        written.endswith("/.") and not written.startswith("/"),
    )
