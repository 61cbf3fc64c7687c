"""Which Python processes does a start command come to, and what of it is not understood?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module

from msgspec import Struct, field
from msgspec.structs import replace

from parity.model.command import Command
from parity.programs.interpreter import invocation
from parity.programs.program import DEFAULT_PATH, name_of, unique
from parity.shell.scripts import Script, script_of
from parity.starts import console_script, interpreter
from parity.starts.console_script import Project
from parity.starts.other_programs import is_other_program
from parity.starts.registry import FORMS, GENERAL, PROGRAM_OF_MODULE
from parity.starts.supervisors import SUPERVISORS
from parity.starts.wrappers import WRAPPERS
from parity.startup.entrypoint import Entrypoint, Recognise
from parity.tree.base import FileTree

DEEPEST = 20
MOST = 500


class Recognition(Struct, frozen=True):
    """What a start command comes to.

    `entrypoints`   the Python processes, in the order in which they start
    `not_python`    programs that are something else for certain
    `unrecognised`  programs that may be Python, and of which it cannot be told what they import
    """

    entrypoints: tuple[Entrypoint, ...] = ()
    not_python: tuple[Command, ...] = ()
    unrecognised: tuple[Command, ...] = ()


Install = Callable[[Command], Command | None]
"""Told each command in its order. An installer gives what it runs then (`poetry run x` -> `x`), None: nothing."""


def recognise(
    command: Command,
    tree: FileTree,
    projects: Sequence[Project] = (),
    install: Install = lambda _command: None,
) -> Recognition:
    """Wrappers are taken off, supervisors and shell scripts followed.

    `tree` is the image; `projects` are (tree, folder) pairs that hold a pyproject.toml or setup.cfg, for the
    console scripts of the project.
    """
    search = _Search(tree, tuple(projects), install)
    search.take(command, 0)
    return Recognition(tuple(search.entrypoints), tuple(search.not_python), tuple(search.unrecognised))


def shell_script(command: Command, tree: FileTree) -> tuple[str | None, tuple[str | None, ...]] | None:
    """The shell script that a command runs: its image path (None: the text of `-c`), and its arguments."""
    path = command.environment.get("PATH", DEFAULT_PATH)
    found = script_of(command.argv, tree, command.working_directory, path)
    return (found.path, found.arguments) if isinstance(found, Script) else None


class _Search(Struct):
    tree: FileTree
    projects: tuple[Project, ...]
    install: Install
    entrypoints: list[Entrypoint] = field(default_factory=list)
    not_python: list[Command] = field(default_factory=list)
    unrecognised: list[Command] = field(default_factory=list)
    taken: int = 0

    def take(self, command: Command, depth: int) -> None:
        self.taken += 1
        if self.taken > MOST:
            return
        inner = self._inner(command) if depth < DEEPEST and command.argv and command.argv[0] else None
        if inner is not None:
            for one in inner:
                self.take(one, depth + 1)
            return
        found = self._entrypoint(command) if command.argv and command.argv[0] else None
        if found is not None:
            self.entrypoints.append(found)
        elif is_other_program(command):
            self.not_python.append(command)
        else:
            self.unrecognised.append(command)

    def _inner(self, command: Command) -> tuple[Command, ...] | None:
        """The commands that it runs, if it does nothing else."""
        plain = _without_interpreter(command) or command
        installed = self.install(command)
        for supervise in SUPERVISORS:
            started = supervise(plain, self.tree)
            if started is not None:
                return started
        if installed is not None:
            return (installed,)
        for unwrap in WRAPPERS:
            inner = unwrap(command) or (unwrap(plain) if plain is not command else None)
            if inner is not None and inner != command:
                return (inner,)
        if shell_script(command, self.tree) is not None:
            from parity.shell.commands import follow_scripts  # most images start no script

            followed = follow_scripts(command, self.tree)
            return followed if followed != (command,) else None
        return None

    def _entrypoint(self, command: Command) -> Entrypoint | None:
        plain = _without_interpreter(command)
        if plain is not None:
            return _as_module(command, _first(plain, self.tree), self.tree)
        found = _first(command, self.tree)
        return found or console_script.recognise(command, self.tree, self.projects)


def _first(command: Command, tree: FileTree) -> Entrypoint | None:
    return next(
        (found for form in forms(name_of(command)) if (found := form(command, tree)) is not None), None
    )


@cache
def forms(program: str) -> tuple[Recognise, ...]:
    """What is asked about a command of this program, the most specific first; loaded when first asked."""
    first, *others = GENERAL
    names = (first, *((FORMS[program],) if FORMS.get(program, first) not in GENERAL else ()), *others)
    return tuple(import_module(f"parity.{name}").recognise for name in names)


def _without_interpreter(command: Command) -> Command | None:
    """`python -m uvicorn x` -> `uvicorn x`, for modules that are programs too."""
    called = invocation(command)
    program = PROGRAM_OF_MODULE.get(called.module or "") if called is not None else None
    return replace(command, argv=(program, *called.rest)) if called is not None and program else None


def _as_module(command: Command, found: Entrypoint | None, tree: FileTree) -> Entrypoint | None:
    """What a program does when `python -m` starts it: the working directory is on the search path as well."""
    plain = interpreter.recognise(command, tree)
    if found is None or plain is None:
        return None
    path = unique(*found.search_path, *plain.search_path)
    started = replace(command, working_directory=found.command.working_directory)
    return replace(
        found, command=started, search_path=path, environment=(*plain.environment, *found.environment)
    )
