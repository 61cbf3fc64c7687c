"""What is asked of the image where it has something not, or may have it not: a question, with all that is known."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from parity.model.location import Unknown


class Kind(Enum):
    """What is asked for."""

    MODULE = "module"
    """A module of the project, by an import."""
    PROGRAM = "program"
    """What the start command names: a script, a module."""
    DATA = "data"
    """A file that the code opens."""
    SOURCE = "source"
    """What a COPY takes from another stage."""


class Question(Struct, frozen=True, kw_only=True):
    """The steps that can be read leave nothing at `path`. Is it really absent?

    `kind`         what is asked for
    `subject`      the module's name, or the file as the code has it
    `path`         the image path where it should be; "" where it has no one place
    `in_checkout`  the checkout's file, "" where the checkout has none
    `doubt`        the steps that may have put it there all the same; None: every step could be read
    `git_ignored`  git leaves the checkout's file out, so a build is likely to make it
    `namesake`     something of the project that is there and has nearly this name; "" for none
    `project_copied`  does the image get anything of the checkout at all?
    """

    kind: Kind
    subject: str
    path: str = ""
    in_checkout: str = ""
    doubt: Unknown | None = None
    git_ignored: bool = False
    namesake: str = ""
    project_copied: bool = True


class Fails(Struct, frozen=True):
    """It is absent: certain, or (with the steps that would have to be the reason) likely."""

    certain: bool
    doubt: Unknown | None = None


class NotChecked(Struct, frozen=True):
    """It may be there: a step that cannot be read may well have made it."""

    doubt: Unknown


Answer = Fails | NotChecked
