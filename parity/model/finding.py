"""What a check says: findings, with cause, chain and edits."""

from __future__ import annotations

import hashlib
from enum import Enum

from msgspec import Struct

from parity.model.location import Location
from parity.model.occasion import When
from parity.model.octets import octets


class Severity(Enum):
    """`ERROR`: the start-up fails, or every request, task or command does. `WARNING`: a later code path fails, or
    it may. `INFO`: worth knowing.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


class Confidence(Enum):
    """`CERTAIN` only for what Docker and CPython would really do; `LIKELY` where an Unknown has a say."""

    CERTAIN = "certain"
    LIKELY = "likely"


class CauseKind(Enum):
    """Why the image differs."""

    DOCKERIGNORE = "dockerignore"
    NOT_COPIED = "not-copied"
    REMOVED = "removed"
    OTHER_STAGE = "other-stage"
    NOT_ON_SEARCH_PATH = "not-on-search-path"
    SHADOWED = "shadowed"
    CASE = "case"
    NOT_INSTALLED = "not-installed"
    PYTHON_VERSION = "python-version"
    CYCLE = "cycle"
    SYNTAX = "syntax"
    VOLUME = "volume"
    GIT_IGNORE = "gitignore"
    NOT_ADDED = "not-added"
    OUTDATED = "outdated"
    UNKNOWN = "unknown"


class Cause(Struct, frozen=True):
    """The reason, in Docker's or Python's own terms, and the line that is to blame where there is one.

    `at`: the image path where it is all the same, of what no folder of the search path leads to.
    """

    kind: CauseKind
    detail: str
    location: Location | None = None
    at: str = ""


class ChainLink(Struct, frozen=True):
    """One frame of the traceback that the container would show.

    `path` is a checkout path (relative to the project root), `image_path` absolute in the image.
    """

    module: str
    path: str
    line: int
    image_path: str


class Edit(Struct, frozen=True):
    """Replace the lines `start_line` to `end_line` (both included, from 1) of `path` by `replacement`.

    `end_line` = `start_line` - 1 inserts before `start_line`. A replacement ends in a newline unless empty.
    """

    path: str
    start_line: int
    end_line: int
    replacement: str


class Remedy(Struct, frozen=True):
    """One way to end a finding, in words and as edits; (): only a person can make them.

    `unsafe`: it changes more than the one thing that is missing, so that a person has to look at it.
    """

    text: str
    edits: tuple[Edit, ...] = ()
    unsafe: bool = False


class CycleImport(Struct, frozen=True):
    """An import statement of a cycle, by the checkout path of its file and its first line.

    `name`: the one of its names that fails; "" where any of them closes the cycle.
    """

    path: str
    line: int
    name: str = ""


class Finding(Struct, frozen=True):
    """One difference between the two worlds, or one failure in both.

    `fix`: what to do, in a sentence. `remedies`: the ways to do it, the best first, not tried yet. `cycle_imports`:
    any of them, run later, may end the finding; the one that fails is the first. `when`: what the process is doing
    when it fails.
    """

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    message: str
    location: Location | None = None
    module: str | None = None
    image_path: str | None = None
    chain: tuple[ChainLink, ...] = ()
    cause: Cause | None = None
    exception: str | None = None
    exception_text: str = ""
    fix: str = ""
    remedies: tuple[Remedy, ...] = ()
    notes: tuple[str, ...] = ()
    also_breaks: int = 0
    cycle_imports: tuple[CycleImport, ...] = ()
    when: When = When.START

    @property
    def remedy(self) -> Remedy | None:
        """The best of the ways that are edits."""
        return next((one for one in self.remedies if one.edits), None)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Those of the best way."""
        return self.remedy.edits if self.remedy is not None else ()

    @property
    def fingerprint(self) -> str:
        """Stable while lines move: code, file, module and message, no line numbers."""
        path = self.location.path if self.location else ""
        text = "\0".join((self.code, path, self.module or "", self.message))
        return hashlib.sha256(octets(text)).hexdigest()[:16]
