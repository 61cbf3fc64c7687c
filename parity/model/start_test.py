"""The answer to `smoke`: what imports in a container all that its start command imports."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from parity.model.report import ImageReport


class StartTest(Struct, frozen=True):
    """The test of one Python process.

    `argv`     the interpreter (an image path, or a name that PATH finds) and its arguments
    `command`  the start command that it stands for
    `whole`    False where the program does more when it starts than import modules, and the test leaves that out
    """

    argv: tuple[str, ...]
    command: tuple[str, ...]
    whole: bool = True


class ImageTests(Struct, frozen=True):
    """The tests of one image, and how a container of it is started.

    `image`        what a file of the checkout calls the image, "" where none does
    `environment`, `working_directory`, `user`   what the service sets over the image's own; None: nothing
    `has_shell`    is there a /bin/sh for certain?
    `tests`        one for each Python process, each once; () where no Python start command is recognised
    """

    dockerfile: str
    context: str
    target: str | None
    service: str | None
    names: tuple[str, ...]
    build_args: tuple[tuple[str, str], ...]
    image: str
    environment: tuple[tuple[str, str], ...]
    working_directory: str | None
    user: str | None
    has_shell: bool
    tests: tuple[StartTest, ...]

    @property
    def options(self) -> tuple[str, ...]:
        """Of `docker run`: what starts a container as the service does."""
        variables = (word for name, value in self.environment for word in ("--env", f"{name}={value}"))
        folder = ("--workdir", self.working_directory) if self.working_directory else ()
        user = ("--user", self.user) if self.user else ()
        return (*variables, *folder, *user)


class Predicted(Struct, frozen=True):
    """The tests, and what `check` says of the image that they are of."""

    tests: ImageTests
    report: ImageReport

    @property
    def dockerfile(self) -> str:
        return self.report.dockerfile


class Outcome(Struct, frozen=True):
    """What came of a test in a container.

    `status`: None: it was stopped at the time limit; `exception` and `text`: what Python raised, "" where it is not
    known; `output`: the last lines that it wrote.
    """

    status: int | None
    exception: str = ""
    text: str = ""
    output: str = ""

    @property
    def passed(self) -> bool:
        return self.status == 0


class Agreement(Enum):
    """Is what happened what `check` had said?"""

    YES = "yes"
    NO = "no"
    OPEN = "open"
    """`check` did not say, or the reason is none that it looks for."""


class Tried(Struct, frozen=True):
    """A test that was run. `why`: in words, what `check` had said of it."""

    test: StartTest
    outcome: Outcome
    agreement: Agreement
    why: str


class TriedImage(Struct, frozen=True):
    """An image whose tests were run. `case`: what to report where `check` was wrong, else ""."""

    tests: ImageTests
    tried: tuple[Tried, ...]
    case: str = ""

    @property
    def passed(self) -> bool:
        return all(one.outcome.passed for one in self.tried)
