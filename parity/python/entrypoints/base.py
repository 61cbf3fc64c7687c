"""What a start command makes Python do, whichever program it names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from parity.model.command import Command
from parity.model.location import Location
from parity.tree.base import FileTree


@dataclass(frozen=True, slots=True)
class RunFile:
    """`python path.py`: the file runs as `__main__`. `path` is an image path."""

    path: str


@dataclass(frozen=True, slots=True)
class RunModule:
    """`python -m name`: the module, or its package's `__main__`, runs as `__main__`."""

    name: str


@dataclass(frozen=True, slots=True)
class RunCode:
    """`python -c text`, or a text that `python` reads from its standard input.

    `location`: where its first line is written.
    """

    text: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class ExecuteFile:
    """A configuration file that is Python and runs in a namespace of its own (gunicorn.conf.py)."""

    path: str


@dataclass(frozen=True, slots=True)
class ImportModule:
    """A server imports `name`, looks `attribute` (dotted) up on it unless empty, and calls it if `call`.

    `optional`: the program goes on where the module (but nothing below it) is missing.
    """

    name: str
    attribute: str = ""
    call: bool = False
    optional: bool = False


Step = RunFile | RunModule | RunCode | ExecuteFile | ImportModule


@dataclass(frozen=True, slots=True)
class Entrypoint:
    """One Python process of the start-up.

    `kind`         the form that recognised it ("uvicorn", "python", "django", ...)
    `command`      as it would be executed, wrappers taken off
    `search_path`  image paths that stand before PYTHONPATH (a script's own folder, the working directory)
    `steps`        what it does, in order
    `environment`  variables that the form itself sets (DJANGO_SETTINGS_MODULE)
    """

    kind: str
    command: Command
    search_path: tuple[str, ...]
    steps: tuple[Step, ...]
    environment: tuple[tuple[str, str], ...] = ()

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules it names, for the report."""
        return tuple(step.name for step in self.steps if isinstance(step, RunModule | ImportModule))


Recognise = Callable[[Command, FileTree], "Entrypoint | None"]
"""A form: the Entrypoint if the command is one of its own, else None. The tree is the image's."""

Unwrap = Callable[[Command], "Command | None"]
"""A wrapper: the command that it would run (`tini -- python x.py` -> `python x.py`), else None."""
