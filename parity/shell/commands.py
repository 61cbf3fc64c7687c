"""Which programs would a start-up script run, in which folder, with which environment?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from parity.model.command import Command
from parity.model.location import Location
from parity.shell.dialect import Dialect
from parity.shell.effort import Effort
from parity.shell.host import Call
from parity.shell.interpret import interpret
from parity.shell.scripts import Script, script_of
from parity.shell.status import Output, Status, Text
from parity.tree.base import FileTree, join
from parity.tree.perhaps import PerhapsMade

DEEPEST = 10
"""Scripts that start scripts."""
MOST_COMMANDS = 500
HARMLESS = frozenset(
    """
    echo printf cat ls sleep date id whoami uname hostname nproc env printenv grep which test nc pg_isready
    python python3 gunicorn uvicorn celery flask alembic curl wget redis-cli psql mysqladmin
    """.split()
)
"""Programs that are not taken to make folders that the script then enters."""
MAKERS = frozenset("cp mv ln install touch mkdir tee sed dd dockerize gomplate confd".split())
"""They make the files that their arguments name; these may make others in the working directory."""
FETCHERS = frozenset("wget curl tar unzip git rsync aws gsutil gcloud".split())


def commands_of(
    text: str,
    files: FileTree,
    environment: Mapping[str, str],
    working_directory: str,
    arguments: tuple[str | None, ...] = (),
    *,
    name: str = "sh",
    dialect: Dialect = Dialect.POSIX,
    where: Callable[[int], Location | None] = lambda _line: None,
    certain: bool = True,
) -> tuple[Command, ...]:
    """The programs that the shell text starts, in order, scripts among them followed.

    `files` is the image; `arguments` are `$1`, `$2`, ...; `where` gives the place of a line of `text`.
    A command is not `certain` on a branch that depends on what cannot be told, or that is taken only if
    the container is started with a further variable. An argument that is such a variable is None.
    """
    host = _Recorder(files)
    interpret(
        text,
        host,
        environment=environment,
        working_directory=working_directory,
        arguments=arguments,
        name=name,
        dialect=dialect,
        where=where,
        certain=certain,
    )
    return tuple(host.commands)


def follow_scripts(command: Command, files: FileTree) -> tuple[Command, ...]:
    """What `command` comes to: itself, or, where it is a shell or a shell script, the programs that it runs.

    A script whose text cannot be told stays as it is.
    """
    host = _Recorder(files)
    call = Call(
        (),
        command.environment,
        command.working_directory,
        certain=command.certain,
        fatal=command.fatal,
        location=command.location,
    )
    host.start(command, call)
    return tuple(host.commands)


class _Recorder(Struct):
    """A host that runs nothing: it writes down what would be run."""

    image: FileTree
    commands: list[Command] = field(default_factory=list)
    variables_may_be_set: bool = True
    changed: bool = False
    made: dict[str, None] = field(default_factory=dict)
    depth: int = 0
    effort: Effort = field(default_factory=Effort)

    @property
    def files(self) -> FileTree:
        return PerhapsMade(self.image, ("/",)) if self.changed else self.image

    def run(self, call: Call) -> Output:
        argv = tuple(
            None if word.vanished or (word.blank and not word.text) else word.text for word in call.words
        )
        command = Command(
            argv,
            call.environment,
            call.working_directory or "/",
            call.location,
            call.certain and call.working_directory is not None,
            call.fatal,
            call.stdin if isinstance(call.stdin, bytes) else None,
            tuple(self.made),
        )
        status = self.start(command, call)
        if call.program not in HARMLESS:
            self.changed = True
        self.made.update(dict.fromkeys(_made_by(call)))
        return Output(None, status)

    def start(self, command: Command, call: Call) -> Status:
        """Follow a script, or note the command."""
        path = command.environment.get("PATH")
        found = script_of(command.argv, self.files, call.working_directory, path)
        if not isinstance(found, Script) or self.depth >= DEEPEST:
            if len(self.commands) < MOST_COMMANDS:
                self.commands.append(command)
            return Status.UNKNOWN
        self.depth += 1
        try:
            return interpret(
                found.text,
                self,
                environment=command.environment,
                working_directory=command.working_directory,
                arguments=found.arguments,
                name=found.name,
                dialect=found.dialect,
                options=found.options,
                where=_places(found, command.location),
                certain=command.certain,
                fatal=command.fatal,
                depth=call.depth + 1,
            )
        finally:
            self.depth -= 1

    def write(self, path: str, content: Text, call: Call) -> None:
        del content, call
        self.changed = True
        self.made[path] = None

    def lost(self, folder: str | None, reason: str, call: Call) -> None:
        del reason
        self.changed = True
        # A program that nobody can name: what the script starts is not told in full.
        self.commands.append(Command((None,), call.environment, folder or "/", call.location, certain=False))


def _made_by(call: Call) -> Iterator[str]:
    """The paths that a program may have made or written."""
    folder = call.working_directory or "/"
    if call.program not in MAKERS | FETCHERS:
        return
    if call.program in FETCHERS:
        yield folder
    for word in call.words[1:]:
        text = word.text
        if text is None:
            yield join(folder, word.prefix.rpartition("/")[0])
        elif not text.startswith("-"):
            yield join(folder, text)


def _places(script: Script, location: Location | None) -> Callable[[int], Location | None]:
    """Lines of a script file; the text of `-c` stands where its command stands."""
    path = script.source.lstrip("/") if script.source else script.path
    if path is None:
        return lambda _line: location
    return lambda line: replace(Location(path), line=line)
