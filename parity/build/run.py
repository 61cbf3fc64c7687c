"""What does a RUN step do to the files of its stage? The `RunInterpreter` that follows shell commands."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from parity.build.mounts import MountedTree
from parity.build.step import RunStep
from parity.model.errors import ParityError
from parity.model.location import Location, Unknown
from parity.programs.arguments import CommandFunction
from parity.programs.conda import environment_to_activate
from parity.programs.executing import not_executable, not_found
from parity.programs.machine import functions
from parity.programs.mktemp import forget_made_up
from parity.programs.python import program
from parity.programs.registry import opaque
from parity.programs.wrappers import unwrapped
from parity.shell.effort import Effort
from parity.shell.host import Call
from parity.shell.interpret import interpret, interpret_script
from parity.shell.outcome import Runs, Unreadable
from parity.shell.scripts import SHELLS, Script, dialect_of, read_options, script_of
from parity.shell.status import Output, Status, Text
from parity.shell.word import Word
from parity.tree.uncertain import UncertainTree
from parity.tree.which import DEFAULT_PATH
from parity.tree.writable import WritableTree

DEEPEST = 8
"""Scripts that start scripts."""
MACHINE = {"HOME": "/root", "PATH": DEFAULT_PATH}


class ShellRun(Struct, frozen=True):
    """Follows the commands of RUN steps.

    `extra`: further programs, by name (`pip`) or by module (`python -m build` as `build`); they take
    precedence over the known ones. One that gives None leaves the call to them, one that gives a Call has
    that one run instead (`uv run x` -> `x`).
    """

    extra: Mapping[str, CommandFunction] = field(default_factory=dict)

    def run(self, step: RunStep, files: WritableTree) -> tuple[Unknown, ...]:
        """Apply the step. Raises ParityError where it is certain to fail, and with it the build."""
        seen = MountedTree(files, step.mounts) if step.mounts else files
        host = _Host(seen, self.extra, step.location)
        status = _start(step, host)
        if status is Status.FAILURE:
            raise ParityError(
                f"this step fails: {host.failure or 'its last command fails'}",
                host.failed_at or step.location,
                "docker build stops here; check whether the files that the command needs are copied before it",
            )
        forget_made_up(seen, step.location)
        return tuple(dict.fromkeys(host.unknowns))


def _start(step: RunStep, host: _Host) -> Status:
    environment = {**MACHINE, **step.environment}
    if step.user not in (None, "", "root", "0", "0:0", "root:root") and "HOME" not in step.environment:
        environment.pop("HOME")
    if step.argv is not None:
        call = Call(
            tuple(Word(text) for text in step.argv),
            environment,
            step.working_directory,
            location=step.location,
        )
        return host.run(call).status
    text = step.shell_text or ""

    def where(line: int) -> Location:
        mapped = step.line_map[line - 1] if 0 < line <= len(step.line_map) else step.location.line
        return Location(step.location.path, mapped)

    shell = step.shell
    if not text.strip() and step.heredocs:
        first = step.heredocs[0]
        text = first.content

        def where(line: int) -> Location:
            return Location(step.location.path, first.line + line - 1 if first.line else step.location.line)

        if text.startswith("#!"):
            words = text[2:].partition("\n")[0].split()
            words = words[1:] if words and words[0].rpartition("/")[2] == "env" else words
            shell = (*words, "-c")
    else:
        bodies = [f"{heredoc.content}{heredoc.name}\n" for heredoc in step.heredocs]
        text = "\n".join([text, "".join(bodies)]) if bodies else text
    program_name = shell[0].rpartition("/")[2] if shell else "sh"
    if program_name not in SHELLS:
        call = Call(
            tuple(Word(t) for t in (*shell, text)),
            environment,
            step.working_directory,
            location=step.location,
        )
        return host.run(call).status
    options = read_options(shell)
    return interpret(
        text,
        host,
        environment=environment,
        working_directory=step.working_directory,
        dialect=dialect_of(shell[0] if shell else "/bin/sh", host.files, environment),
        options=options.letters if options else "",
        where=where,
    )


class _Host:
    """The machine that a RUN step runs on: the files of the stage, and the programs that are known."""

    variables_may_be_set = False

    def __init__(self, files: WritableTree, extra: Mapping[str, CommandFunction], location: Location) -> None:
        self.files: WritableTree = files
        self.extra = extra
        self.location = location
        self.unknowns: list[Unknown] = []
        self.failure = ""
        self.refused = ""
        self.failed_at: Location | None = None
        self.depth = 0
        self.effort = Effort()

    def tree(self, call: Call) -> WritableTree:
        if call.certain:
            return self.files
        where = call.location or self.location
        return UncertainTree(self.files, Unknown("this command may or may not run", where))

    def run(self, call: Call) -> Output:
        self.refused = ""
        output = self.dispatch(call, 0)
        if output.status is Status.FAILURE and call.fatal and call.certain:
            self.failed(call, self.refused)
        return output

    def failed(self, call: Call, why: str = "") -> None:
        shown = " ".join(text if text is not None else "?" for text in call.argv)
        self.failure = f"`{shown[:100]}` {why or 'does not succeed'}"
        self.failed_at = call.location

    def dispatch(self, call: Call, depth: int) -> Output:
        call = replace(call, words=tuple(word for word in call.words if not word.vanished))
        if not call.words:
            return Output(b"")
        files = self.tree(call)
        self.refused = not_executable(call, files) or not_found(call, files)
        if self.refused:
            return Output(b"", Status.FAILURE)
        name = program(call.program)
        inner = unwrapped(call) if depth < DEEPEST and name not in self.extra else None
        if inner is not None:
            return self.dispatch(inner, depth + 1)
        for function in functions(call, self.extra):
            output = function(call, files)
            match output:
                case Runs(started) if depth < DEEPEST:
                    return self.dispatch(started, depth + 1)
                case Runs():
                    return Output(None, opaque(call, files))
                case Status():
                    return Output(None, output)
                case Output():
                    return output
                case Unreadable():
                    continue
        if (found := self.script(call)) is not None:
            return Output(None, found)
        return Output(None, opaque(call, files))

    def script(self, call: Call) -> Status | None:
        """A shell script is followed; None: this is none."""
        found = script_of(call.argv, self.files, call.working_directory, call.environment)
        if not isinstance(found, Script):
            return None
        if self.depth >= DEEPEST or call.working_directory is None:
            return None
        self.depth += 1
        try:
            return interpret_script(found, self, call, call.working_directory, lambda _line: call.location)
        finally:
            self.depth -= 1

    def environment_to_activate(
        self, name: str | None, environment: Mapping[str, str], folder: str
    ) -> str | None:
        return environment_to_activate(name, environment, folder, self.files)

    def write(self, path: str, content: Text, call: Call) -> None:
        unknown = Unknown("what the command prints into it is not known", call.location or self.location)
        self.tree(call).write(path, unknown if content is None else content)

    def lost(self, folder: str | None, reason: str, call: Call) -> None:
        unknown = Unknown(reason, call.location or self.location)
        self.unknowns.append(unknown)
        self.files.obscure(folder or "/", unknown)
