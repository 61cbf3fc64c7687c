"""The instructions of a Dockerfile as typed values: syntax only, nothing expanded or evaluated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from parity.model.location import Location


class Heredoc(Struct, frozen=True):
    """The body of one `<<NAME`. `expand` is False where NAME was quoted; tabs of `<<-` are removed.

    `line` is that of the body's first line.
    """

    name: str
    content: str
    expand: bool
    line: int


class CommandLine(Struct, frozen=True):
    """The operand of RUN, CMD and ENTRYPOINT: `exec` for the JSON form, else `shell` (one string).

    Continuation lines are joined with nothing between, so `shell` is one line; `segments` tell where its
    parts stand: (offset in `shell`, physical line of the Dockerfile whose text begins there), in order.
    """

    exec: tuple[str, ...] | None
    shell: str | None
    segments: tuple[tuple[int, int], ...] = ()

    def line_at(self, offset: int) -> int:
        """The physical line on which the character at `offset` of `shell` stands; 0 if that is not known."""
        return max((line for at, line in self.segments if at <= offset), default=0)


class Mount(Struct, frozen=True):
    """One `RUN --mount`. `options` as written, keys lowered, values not yet expanded."""

    options: tuple[tuple[str, str], ...]

    def get(self, *keys: str) -> str | None:
        return next((value for key, value in self.options if key in keys), None)


class From(Struct, frozen=True):
    image: str
    name: str | None
    platform: str | None
    location: Location


class Arg(Struct, frozen=True):
    """`pairs`: name and default (None where it has none)."""

    pairs: tuple[tuple[str, str | None], ...]
    location: Location


class Env(Struct, frozen=True):
    pairs: tuple[tuple[str, str], ...]
    location: Location


class Copy(Struct, frozen=True):
    """COPY and ADD. `sources` and `destination` unexpanded; `flags` in order, a bare `--link` as "true"."""

    add: bool
    sources: tuple[str, ...]
    destination: str
    flags: tuple[tuple[str, str], ...]
    heredocs: tuple[Heredoc, ...]
    location: Location

    def flag(self, name: str) -> str | None:
        return next((value for key, value in self.flags if key == name), None)

    def flag_values(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.flags if key == name)

    def is_set(self, name: str) -> bool:
        """A boolean flag: given bare, or with a true value."""
        return (self.flag(name) or "false").lower() in ("true", "1", "t")


class Run(Struct, frozen=True):
    """What the shell gets is the text of `command`; with heredocs, the text, a line feed, and for each one
    its content and the line `name`. A RUN that is only a heredoc has the empty text: the content is the
    script, run by the interpreter of its `#!` line if it has one. RUN never expands a body itself.
    """

    command: CommandLine
    mounts: tuple[Mount, ...]
    heredocs: tuple[Heredoc, ...]
    location: Location


class Workdir(Struct, frozen=True):
    path: str
    location: Location


class User(Struct, frozen=True):
    user: str
    location: Location


class Volume(Struct, frozen=True):
    paths: tuple[str, ...]
    location: Location


class Entrypoint(Struct, frozen=True):
    command: CommandLine
    location: Location


class Cmd(Struct, frozen=True):
    command: CommandLine
    location: Location


class Shell(Struct, frozen=True):
    command: tuple[str, ...]
    location: Location


class Onbuild(Struct, frozen=True):
    """`instruction`: an `Other` where BuildKit would refuse it; it looks at it in the child only."""

    instruction: Instruction
    location: Location


class Healthcheck(Struct, frozen=True):
    command: CommandLine | None
    location: Location


class Other(Struct, frozen=True):
    """LABEL, EXPOSE, STOPSIGNAL, MAINTAINER: nothing that decides a file or a start-up.

    `refusal`: of a trigger that BuildKit refuses when it comes to it, why.
    """

    keyword: str
    location: Location
    refusal: str = ""


Instruction = (
    From
    | Arg
    | Env
    | Copy
    | Run
    | Workdir
    | User
    | Volume
    | Entrypoint
    | Cmd
    | Shell
    | Onbuild
    | Healthcheck
    | Other
)


class Stage(Struct, frozen=True):
    """One FROM and what follows it. `index` from 0; `name` lowered, None if unnamed."""

    index: int
    name: str | None
    base: From
    instructions: tuple[Instruction, ...]


class Dockerfile(Struct, frozen=True):
    """A parsed Dockerfile. `path` relative to the project root; `escape` is the escape character.

    `frontend` is the `# syntax=` value where one is given. `numbers`: of the stages with a name, rising.
    """

    path: str
    escape: str
    frontend: str | None
    global_args: tuple[Arg, ...]
    stages: tuple[Stage, ...]
    numbers: Mapping[str, Sequence[int]]
