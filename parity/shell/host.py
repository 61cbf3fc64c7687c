"""What does an interpreted script act on? The host answers for files and runs the programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct, field

from parity.model.location import Location
from parity.shell.effort import Effort
from parity.shell.status import Output, Text
from parity.shell.word import Word
from parity.tree.base import FileTree


class Call(Struct, frozen=True):
    """One program that the shell starts.

    `words`             program and arguments, expanded
    `environment`       what it inherits, as far as known
    `working_directory` an image path, None where it cannot be told
    `stdin`             what it reads from a heredoc, a file or a pipe; None where inherited, too
    `descriptors`       what can be read from `/dev/fd/63` and the like, which bash makes for `<(...)`
    `certain`           False where it may not be reached
    `fatal`             its failure makes the script fail
    `depth`             how many functions, sourced files and scripts it stands in
    `more_variables`    may it inherit variables that are not known, PYTHONPATH among them?
    `line`, `location`  where it stands: from 1 in the text; in the file that the user wrote
    """

    words: tuple[Word, ...]
    environment: Mapping[str, str]
    working_directory: str | None
    stdin: Text = None
    certain: bool = True
    fatal: bool = True
    line: int = 1
    location: Location | None = None
    descriptors: Mapping[str, Text] = field(default_factory=dict)
    depth: int = 0
    more_variables: bool = False

    @property
    def argv(self) -> tuple[str | None, ...]:
        """None for an argument that cannot be told (it may stand for several, or for none)."""
        return tuple(word.text for word in self.words)

    @property
    def program(self) -> str:
        """The last part of the program's path; empty where it is not known."""
        return (self.argv[0] or "").rpartition("/")[2] if self.words else ""


class ShellHost(Protocol):
    """The machine that a script runs on. Paths are absolute and cleaned, links in them resolved."""

    @property
    def files(self) -> FileTree:
        """As they are at this moment."""
        ...

    @property
    def effort(self) -> Effort:
        """What all scripts on it have cost so far."""
        ...

    @property
    def variables_may_be_set(self) -> bool:
        """May a variable that nothing sets have a value all the same (`docker run --env`)?"""
        ...

    def run(self, call: Call) -> Output:
        """A program that is no builtin."""
        ...

    def environment_to_activate(
        self, name: str | None, environment: Mapping[str, str], folder: str
    ) -> str | None:
        """The folder of the environment that `conda activate NAME` turns on in `folder`; None: none is known."""
        ...

    def write(self, path: str, content: Text, call: Call) -> None:
        """A redirect or `tee` leaves this file."""
        ...

    def failed(self, call: Call, why: str = "") -> None:
        """A builtin (`cd`) or the shell itself fails for certain, and with it the script.

        `why`: in words, where more can be said.
        """
        ...

    def lost(self, folder: str | None, reason: str, call: Call) -> None:
        """Something not followed may have written at or below `folder` (None: anywhere)."""
        ...
