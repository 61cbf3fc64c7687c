"""What a start command makes Python do, whichever program it names."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from parity.model.command import Command
from parity.model.location import Location
from parity.tree.base import FileTree


class RunFile(Struct, frozen=True):
    """`python path.py`: the file runs as `__main__`. `path` is an image path.

    `whole`: the folder or zip file that was named, and of which it is the `__main__.py`.
    """

    path: str
    whole: str = ""


class RunModule(Struct, frozen=True):
    """`python -m name`: the module, or its package's `__main__`, runs as `__main__`."""

    name: str


class RunCode(Struct, frozen=True):
    """`python -c text`, or a text that `python` reads from its standard input.

    `location`: where its first line is written.
    """

    text: str
    location: Location | None = None


class ExecuteFile(Struct, frozen=True):
    """A configuration file that is Python and runs in a namespace of its own (gunicorn.conf.py)."""

    path: str


class ImportModule(Struct, frozen=True):
    """A server imports `name`, looks `attribute` (dotted) up on it unless empty, and calls it if `call`.

    `optional`: the program goes on where the module (but nothing below it) is missing. `serves`: what the
    application does before the first request (ASGI: lifespan) is done, too.
    """

    name: str
    attribute: str = ""
    call: bool = False
    optional: bool = False
    serves: bool = True


class CallFunction(Struct, frozen=True):
    """A program calls a function of its framework, `parity.frameworks` says what that imports.

    `function` is its dotted name, `arguments` the texts it gets, `module` what it is about, for the report.
    """

    function: str
    arguments: tuple[str, ...] = ()
    module: str = ""


def file_read(path: str) -> CallFunction:
    """A program reads this file when it starts, and ends if it is not there."""
    return CallFunction("builtins.open", (path,))


def logging_configured(path: str | None) -> tuple[CallFunction, ...]:
    """A server reads this file to set its logging up; nothing where it is told none."""
    return (CallFunction("logging.config.fileConfig", (path,)),) if path else ()


Step = RunFile | RunModule | RunCode | ExecuteFile | ImportModule | CallFunction


class Entrypoint(Struct, frozen=True):
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

    def with_fatal(self, fatal: bool) -> Entrypoint:
        """The same, its failure that of the container or not."""
        return replace(self, command=replace(self.command, fatal=fatal))

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules it names, for the report."""
        named = (
            step.module if isinstance(step, CallFunction) else step.name
            for step in self.steps
            if isinstance(step, RunModule | ImportModule | CallFunction)
        )
        return tuple(name for name in named if name)


Recognise = Callable[[Command, FileTree], "Entrypoint | None"]
"""A form: the Entrypoint if the command is one of its own, else None. The tree is the image's."""
