"""Which Python processes does a start command come to, and what of it is not understood?

A start command runs as a RUN step does: by the same shell and the same programs, on files that are thrown away
afterwards. Each Python process is noted with the files as they are when it starts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module

from msgspec import Struct, field
from msgspec.structs import replace

from parity.image.builder import ImageBuilder
from parity.image.tree import ImageTree
from parity.model.command import Command
from parity.model.location import Location, Unknown
from parity.programs.arguments import CommandFunction
from parity.programs.conda import environment_to_activate
from parity.programs.executing import not_executable
from parity.programs.interpreter import invocation
from parity.programs.program import name_of, unique
from parity.programs.wrappers import unwrap, unwrapped
from parity.shell.effort import Effort
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Runs, Unreadable
from parity.shell.scripts import Script, script_of
from parity.shell.status import Output, Status, Text
from parity.shell.word import Word
from parity.starts import console_script, interpreter
from parity.starts.console_script import Project
from parity.starts.other_programs import is_other_program
from parity.starts.registry import FORMS, GENERAL, PROGRAM_OF_MODULE
from parity.starts.supervisors import SUPERVISORS
from parity.startup.entrypoint import Entrypoint, Recognise
from parity.tree.base import FileTree
from parity.tree.perhaps import PerhapsMade

DEEPEST = 20
"""Wrappers, supervisors and scripts within each other."""
MOST = 500
"""Commands that are looked at."""


class Started(Struct, frozen=True):
    """A Python process, and the files as they are when it starts."""

    entrypoint: Entrypoint
    files: ImageTree


class Stopped(Struct, frozen=True):
    """What ends a start script in failure before it has started anything; `why`: in words, where more can be said."""

    command: Command
    why: str


class Recognition(Struct, frozen=True):
    """What a start command comes to.

    `started`       the Python processes, in the order in which they start
    `commands`      every program that runs, wrappers and scripts taken off
    `not_python`    programs that are something else for certain
    `unrecognised`  programs that may be Python, and of which it cannot be told what they import
    `stopped`       what ends the script before any of them starts
    """

    started: tuple[Started, ...] = ()
    commands: tuple[Command, ...] = ()
    not_python: tuple[Command, ...] = ()
    unrecognised: tuple[Command, ...] = ()
    stopped: Stopped | None = None

    @property
    def entrypoints(self) -> tuple[Entrypoint, ...]:
        return tuple(one.entrypoint for one in self.started)


def recognise(
    command: Command,
    files: ImageBuilder,
    projects: Sequence[Project] = (),
    extra: Mapping[str, CommandFunction] | None = None,
) -> Recognition:
    """Wrappers are taken off, supervisors and shell scripts followed, programs run.

    `files`: those of the image; they change as the programs say. `projects` are (tree, folder) pairs that hold a
    pyproject.toml or setup.cfg, for the console scripts of the project. `extra`: further programs, as of `ShellRun`.
    """
    container = _Container(files, tuple(projects), extra or {}, command.working_directory)
    container.run(call_of(command))
    return Recognition(
        tuple(container.started),
        tuple(container.commands),
        tuple(container.not_python),
        tuple(container.unrecognised),
        None if container.started or container.unrecognised else container.stopped,
    )


def call_of(command: Command) -> Call:
    """The command as a shell would start it."""
    return Call(
        tuple(Word(text) for text in command.argv),
        command.environment,
        command.working_directory,
        command.stdin,
        command.certain,
        command.fatal,
        location=command.location,
        more_variables=command.more_variables,
    )


def command_of(call: Call, folder: str) -> Command:
    """The call as execve gets it. `folder`: where the container starts, for a call in nobody knows which folder."""
    return Command(
        call.argv,
        call.environment,
        call.working_directory or folder,
        call.location,
        call.certain and call.working_directory is not None,
        call.fatal,
        call.stdin if isinstance(call.stdin, bytes) else None,
        call.more_variables,
    )


def _unset(word: Word) -> Word:
    """`$X` of which nothing is left is not known: the variable may be set when the container starts."""
    if not word.vanished and (not word.blank or word.text):
        return word
    return Word(None, depends_on=word.depends_on | word.blank, blank=word.blank or word.depends_on)


class _Container(Struct):
    """The machine that a start command runs on, a `ShellHost`.

    `changed`: a program that nobody knows has run, and may have made files that the script asks for.
    """

    disk: ImageBuilder
    projects: tuple[Project, ...]
    extra: Mapping[str, CommandFunction]
    folder: str = "/"
    variables_may_be_set: bool = True
    changed: bool = False
    started: list[Started] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    not_python: list[Command] = field(default_factory=list)
    unrecognised: list[Command] = field(default_factory=list)
    stopped: Stopped | None = None
    removed: list[str] = field(default_factory=list)
    taken: int = 0
    depth: int = 0
    scripts: int = 0
    effort: Effort = field(default_factory=Effort)

    @property
    def files(self) -> FileTree:
        """As the shell's tests see them."""
        tree = self.disk.snapshot()
        return PerhapsMade(tree, ("/",)) if self.changed else tree

    def run(self, call: Call) -> Output:
        """Follow what the program starts, or note it and do what it does to the files."""
        self.taken += 1
        if self.taken > MOST:
            if self.taken == MOST + 1:
                self.lost(None, "more programs are started than are followed", call)
            return Output(None, Status.UNKNOWN)
        self.disk.instruction = call.location
        call = replace(call, words=tuple(map(_unset, call.words)))
        command = command_of(call, self.folder)
        if self.scripts and (why := not_executable(call, self.disk.snapshot())):
            if call.fatal and call.certain:
                self.failed(call, why)
            return Output(b"", Status.FAILURE)
        if not command.argv or not command.argv[0] or self.depth >= DEEPEST:
            return self._note(call, command)
        self.depth += 1
        try:
            return self._follow(call, command) or self._note(call, command)
        finally:
            self.depth -= 1

    def _follow(self, call: Call, command: Command) -> Output | None:
        """None: it is no program that does nothing but start others."""
        plain = _without_interpreter(command) or command
        before = self.disk.snapshot()
        done = self._install(call)
        for supervise in SUPERVISORS:
            commands = supervise(plain, before)
            if commands is not None:
                for one in commands:
                    self.run(call_of(one))
                return Output(None, Status.UNKNOWN)
        if isinstance(done, Runs):
            return self.run(done.call)
        inner = unwrapped(call)
        if inner is None and plain is not command and (started := unwrap(plain)) is not None:
            inner = call_of(started)
        if inner is not None:
            return self.run(inner)
        script = script_of(command.argv, self.files, call.working_directory, command.environment)
        if isinstance(script, Script):
            return Output(None, self._interpret(script, call, command))
        if isinstance(done, Output):
            self._name(command)
            return done
        return None

    def _install(self, call: Call) -> Output | Runs | Unreadable:
        """What an installer leaves, or runs in an environment; it may be none."""
        names = {(word or "").rpartition("/")[2].rstrip("0123456789.") for word in call.argv[:4]}
        if names.isdisjoint(self.extra.keys() - {"python"} | {"setup.py"}):
            return UNREADABLE
        from parity.starts.effects import run_extra  # most images start no installer

        return run_extra(call, self.disk, self.extra)

    def _interpret(self, script: Script, call: Call, command: Command) -> Status:
        from parity.shell.interpret import interpret_script  # most images start no script

        self.scripts += 1
        try:
            started = replace(call, certain=command.certain)
            where = _places(script, command.location)
            return interpret_script(script, self, started, command.working_directory, where)
        finally:
            self.scripts -= 1

    def _note(self, call: Call, command: Command) -> Output:
        """A program that starts no other: which it is, then what it does to the files of those after it."""
        is_python = self._name(command)
        if not self.scripts:
            return Output(None, Status.UNKNOWN)
        from parity.starts.effects import may_be_back, removed_by, run_known

        done = run_known(call, self.disk)
        if isinstance(done, Runs):
            return self.run(done.call)
        if done is UNREADABLE:
            may_be_back(self.removed, self.disk, call)
        self.removed += removed_by(call)
        self.changed = self.changed or (done is UNREADABLE and not is_python)
        return Output(None, Status.UNKNOWN) if done is UNREADABLE else done

    def _name(self, command: Command) -> bool:
        """Is it a Python process? It is noted as what it is."""
        self.commands.append(command)
        tree = self.disk.snapshot()
        found = self._entrypoint(command, tree) if command.argv and command.argv[0] else None
        if found is not None:
            self.started.append(Started(found, tree))
        elif is_other_program(command):
            self.not_python.append(command)
        else:
            self.unrecognised.append(command)
        return found is not None

    def _entrypoint(self, command: Command, tree: FileTree) -> Entrypoint | None:
        plain = _without_interpreter(command)
        if plain is not None:
            return _as_module(command, _first(plain, tree), tree)
        return _first(command, tree) or console_script.recognise(command, tree, self.projects)

    def environment_to_activate(
        self, name: str | None, environment: Mapping[str, str], folder: str
    ) -> str | None:
        return environment_to_activate(name, environment, folder, self.files)

    def write(self, path: str, content: Text, call: Call) -> None:
        """The text of the container may be another: variables may be set in it."""
        from parity.starts.effects import possible

        del content
        self.disk.instruction = call.location
        unknown = Unknown("what the start-up writes into it is not known", call.location)
        possible(call, self.disk).write(path, unknown)

    def failed(self, call: Call, why: str = "") -> None:
        self.stopped = Stopped(command_of(call, self.folder), why)

    def lost(self, folder: str | None, reason: str, call: Call) -> None:
        """A program that nobody can name: what the script starts is not told in full."""
        del reason
        self.changed = True
        self._name(Command((None,), call.environment, folder or "/", call.location, certain=False))


def _places(script: Script, location: Location | None) -> Callable[[int], Location | None]:
    """Lines of a script file; the text of `-c` stands where its command stands."""
    path = script.source.lstrip("/") if script.source else script.path
    if path is None:
        return lambda _line: location
    return lambda line: replace(Location(path), line=line)


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
