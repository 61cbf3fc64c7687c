"""The text of a Dockerfile -> its stages and instructions: the one door to dockerfile-parse.

The library names instructions and their lines; what it gets wrong (heredocs, directives, continuations) is
taken out of its way by `lines.py`, and operands are read by `syntax.py`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches

from parity.docker.instructions import (
    Arg,
    Cmd,
    CommandLine,
    Copy,
    Dockerfile,
    Entrypoint,
    Env,
    From,
    Healthcheck,
    Heredoc,
    Instruction,
    Mount,
    Onbuild,
    Other,
    Run,
    Shell,
    Stage,
    User,
    Volume,
    Workdir,
)
from parity.docker.lines import DockerfileText, LogicalLine, heredoc_marks, read_lines
from parity.docker.syntax import KEYWORDS, RawInstruction, read_instruction
from parity.model.errors import ParityError
from parity.model.location import Location

_END = "\x00"
"""Stands at the end of each line that the library gets, so that no backslash is the last character."""
_STAGE_NAME = re.compile(r"[a-z][a-z0-9\-_.]*$")
_FLAGS: Mapping[str, frozenset[str]] = {
    "FROM": frozenset({"platform"}),
    "COPY": frozenset({"from", "chown", "chmod", "link", "parents", "exclude"}),
    "ADD": frozenset({"keep-git-dir", "chown", "chmod", "link", "checksum", "unpack", "exclude"}),
    "RUN": frozenset({"mount", "network", "security", "device"}),
    "HEALTHCHECK": frozenset({"interval", "timeout", "start-period", "start-interval", "retries"}),
}
_ONLY = re.compile(r"<<-?\s*\S+$")
_BOOLEAN = frozenset({"link", "parents", "keep-git-dir", "unpack"})
_REPEATABLE = frozenset({"mount", "exclude", "checksum", "device"})
_TRUTHS = frozenset("1 t T TRUE true True 0 f F FALSE false False".split())


def parse(data: bytes, path: str) -> Dockerfile:
    """The Dockerfile at `path` (relative to the project root).

    Raises ParityError in Docker's words, with file and line, for whatever a build would refuse to read.
    """
    text = read_lines(data, path)
    return _Typed(text.escape, path).dockerfile(text, raw_instructions(text, path))


def raw_instructions(text: DockerfileText, path: str) -> tuple[RawInstruction, ...]:
    """The syntax layer: each instruction with its flags and operands as written."""
    found = []
    for line, (keyword, rest) in zip(text.lines, _keywords(text.lines), strict=True):
        location = Location(path, line.start, 1, line.end)
        found.append(read_instruction(keyword, rest, text.escape, location, line.heredocs))
    return tuple(found)


def _keywords(lines: tuple[LogicalLine, ...]) -> list[tuple[str, str]]:
    """Keyword and operands of each line, by the library: each logical line on its first physical line."""
    from dockerfile_parse import DockerfileParser

    height = max(line.start for line in lines)
    flat = [""] * height
    for line in lines:
        flat[line.start - 1] = line.text.replace(_END, "\ufffd").replace("\r", " ") + _END
    data = "\n".join(flat).encode("utf8", "replace")
    known = {
        entry["startline"]: (entry["instruction"].rstrip(_END), entry["value"].rstrip(_END))
        for entry in DockerfileParser(fileobj=io.BytesIO(data)).structure
        if entry["instruction"] != "COMMENT"
    }
    result = []
    for line in lines:
        keyword, *operands = line.text.split(None, 1)
        rest = operands[0] if operands else ""
        name, value = known.get(line.start - 1, (keyword.upper(), rest))
        # the library upper-cases keywords, and cannot read bytes that are not UTF-8: the text as written is kept
        result.append((keyword if name == keyword.upper() else name, value if value == rest else rest))
    return result


class _Typed:
    """Raw instructions made into typed ones, each checked as BuildKit's `instructions` package does."""

    def __init__(self, escape: str, path: str) -> None:
        self.escape = escape
        self.path = path

    def dockerfile(self, text: DockerfileText, raw: tuple[RawInstruction, ...]) -> Dockerfile:
        global_args: list[Arg] = []
        stages: list[tuple[From, list[Instruction]]] = []
        for one in raw:
            made = self.instruction(one)
            if isinstance(made, From):
                stages.append((made, []))
            elif stages:
                stages[-1][1].append(made)
            elif isinstance(made, Arg):
                global_args.append(made)
            else:
                raise ParityError(
                    f"no build stage in current context: {one.keyword} stands before the first FROM",
                    one.location,
                    "a Dockerfile starts with FROM (only ARG may come before it)",
                )
        if not stages:
            raise ParityError("dockerfile contains no stages to build: there is no FROM", Location(self.path))
        return Dockerfile(
            self.path,
            text.escape,
            text.frontend,
            tuple(global_args),
            tuple(Stage(i, base.name, base, tuple(body)) for i, (base, body) in enumerate(stages)),
        )

    def instruction(self, raw: RawInstruction) -> Instruction:
        if raw.keyword not in KEYWORDS:
            near = get_close_matches(raw.keyword, sorted(KEYWORDS), 1)
            hint = f"did you mean {near[0]}?" if near else ""
            raise ParityError(f"unknown instruction: {raw.instruction}", raw.location, hint)
        flags = self.flags(raw)
        return _MAKERS[raw.keyword](self, raw, flags)

    def flags(self, raw: RawInstruction) -> tuple[tuple[str, str], ...]:
        allowed = _FLAGS.get(raw.keyword, frozenset())
        found: list[tuple[str, str]] = []
        for flag in raw.flags:
            name, equals, value = flag[2:].partition("=")
            if name not in allowed:
                near = get_close_matches(name, sorted(allowed), 1)
                hint = f"did you mean --{near[0]}?" if near else ""
                raise ParityError(f"unknown flag: --{name}", raw.location, hint)
            if name not in _REPEATABLE and any(name == known for known, _ in found):
                raise ParityError(f"duplicate flag specified: --{name}", raw.location)
            if name in _BOOLEAN:
                if equals and value not in _TRUTHS:
                    raise ParityError(
                        f"expecting boolean value for flag --{name}, not: {value}", raw.location
                    )
                value = value or "true"
            elif not equals:
                raise ParityError(f"missing a value on flag: --{name}", raw.location)
            found.append((name, value))
        return tuple(found)

    def command(self, raw: RawInstruction) -> CommandLine:
        if raw.form == "json":
            return CommandLine(raw.words, None)
        return CommandLine(None, raw.words[0] if raw.words else "")

    # -- one function an instruction

    def make_from(self, raw: RawInstruction, flags: tuple[tuple[str, str], ...]) -> From:
        words = raw.words
        named = len(words) == 3 and words[1].lower() == "as"
        if len(words) != 1 and not named:
            raise ParityError("FROM requires either one or three arguments", raw.location)
        name = words[2].lower() if named else None
        if name is not None and not _STAGE_NAME.match(name):
            raise ParityError(
                f"invalid name for build stage: {words[2]!r}, name can't start with a number or contain symbols",
                raw.location,
            )
        return From(words[0], name, dict(flags).get("platform"), raw.location)

    def make_arg(self, raw: RawInstruction, _flags: tuple[tuple[str, str], ...]) -> Arg:
        _some(raw)
        pairs: list[tuple[str, str | None]] = []
        for word in raw.words:
            name, equals, value = word.partition("=")
            if not name:
                raise ParityError("ARG names can not be blank", raw.location)
            pairs.append((name, value if equals else None))
        return Arg(tuple(pairs), raw.location)

    def make_env(self, raw: RawInstruction, _flags: tuple[tuple[str, str], ...]) -> Env:
        _some(raw)
        pairs = tuple((arg[0], arg[1]) for arg in raw.args if not isinstance(arg, str))
        if any(not name for name, _ in pairs):
            raise ParityError("ENV names can not be blank", raw.location)
        return Env(pairs, raw.location)

    def make_copy(self, raw: RawInstruction, flags: tuple[tuple[str, str], ...]) -> Copy:
        words = raw.words
        if len(words) < 2:
            raise ParityError(f"{raw.keyword} requires at least two arguments", raw.location)
        names = {doc.name: doc for doc in raw.heredocs}
        if raw.form != "json":
            if heredoc_marks(words[-1], self.escape):
                raise ParityError(f"{raw.keyword} cannot accept a heredoc as a destination", raw.location)
            sources = tuple(w for w in words[:-1] if not (names and heredoc_marks(w, self.escape)))
        else:
            sources = words[:-1]
        return Copy(raw.keyword == "ADD", sources, words[-1], flags, self.heredocs(raw), raw.location)

    def make_run(self, raw: RawInstruction, flags: tuple[tuple[str, str], ...]) -> Run:
        mounts = tuple(self.mount(value, raw) for name, value in flags if name == "mount")
        command = self.command(raw)
        marks = heredoc_marks(command.shell or "", self.escape)
        if len(marks) == 1 and raw.heredocs and _ONLY.match(command.shell or ""):
            command = CommandLine(None, "")  # BuildKit: the body itself is the script
        return Run(command, mounts, self.heredocs(raw), raw.location, (raw.location.line,))

    def mount(self, value: str, raw: RawInstruction) -> Mount:
        try:
            fields = next(csv.reader([value]), [])
        except csv.Error as error:
            raise ParityError(f"failed to parse csv mounts: {error}", raw.location) from None
        options = tuple(
            (key.lower(), text if equals else "true")
            for key, equals, text in (field.partition("=") for field in fields)
        )
        return Mount(options)

    def heredocs(self, raw: RawInstruction) -> tuple[Heredoc, ...]:
        found = []
        for doc in raw.heredocs:
            content = doc.content
            if doc.chomp:
                content = "".join(line.lstrip("\t") for line in content.splitlines(keepends=True))
            found.append(Heredoc(doc.name, content, doc.expand, doc.line))
        return tuple(found)

    def make_workdir(self, raw: RawInstruction, _flags: tuple[tuple[str, str], ...]) -> Workdir:
        return Workdir(_one(raw), raw.location)

    def make_user(self, raw: RawInstruction, _flags: tuple[tuple[str, str], ...]) -> User:
        return User(_one(raw), raw.location)

    def make_volume(self, raw: RawInstruction, _flags: tuple[tuple[str, str], ...]) -> Volume:
        _some(raw)
        if any(not word.strip() for word in raw.words):
            raise ParityError("VOLUME specified can not be an empty string", raw.location)
        return Volume(raw.words, raw.location)

    def make_entrypoint(self, raw: RawInstruction, _flags: tuple[tuple[str, str], ...]) -> Entrypoint:
        return Entrypoint(self.command(raw) if raw.args else CommandLine((), None), raw.location)

    def make_cmd(self, raw: RawInstruction, _flags: tuple[tuple[str, str], ...]) -> Cmd:
        return Cmd(self.command(raw) if raw.args else CommandLine((), None), raw.location)

    def make_shell(self, raw: RawInstruction, _flags: tuple[tuple[str, str], ...]) -> Shell:
        if raw.form != "json":
            raise ParityError("SHELL requires the arguments to be in JSON form", raw.location)
        _some(raw)
        return Shell(raw.words, raw.location)

    def make_onbuild(self, raw: RawInstruction, _flags: tuple[tuple[str, str], ...]) -> Onbuild:
        if raw.sub is None:
            raise ParityError("ONBUILD requires at least one argument", raw.location)
        if raw.sub.keyword == "ONBUILD":
            raise ParityError("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed", raw.location)
        if raw.sub.keyword in ("FROM", "MAINTAINER"):
            raise ParityError(f"{raw.sub.keyword} isn't allowed as an ONBUILD trigger", raw.location)
        return Onbuild(self.instruction(raw.sub), raw.location)

    def make_healthcheck(self, raw: RawInstruction, _flags: tuple[tuple[str, str], ...]) -> Healthcheck:
        _some(raw)
        kind, *rest = raw.words
        if kind == "NONE":
            if rest:
                raise ParityError("HEALTHCHECK NONE takes no arguments", raw.location)
            return Healthcheck(None, raw.location)
        if kind != "CMD":
            raise ParityError(f"Unknown type {kind!r} in HEALTHCHECK (try CMD)", raw.location)
        if not rest:
            raise ParityError("Missing command after HEALTHCHECK CMD", raw.location)
        line = CommandLine(tuple(rest), None) if raw.json else CommandLine(None, rest[0])
        return Healthcheck(line, raw.location)

    def make_other(self, raw: RawInstruction, _flags: tuple[tuple[str, str], ...]) -> Other:
        if raw.keyword in ("STOPSIGNAL", "MAINTAINER"):
            _one(raw)
        else:
            _some(raw)
        return Other(raw.keyword, raw.location)


def _some(raw: RawInstruction) -> None:
    if not raw.args:
        raise ParityError(f"{raw.keyword} requires at least one argument", raw.location)


def _one(raw: RawInstruction) -> str:
    if len(raw.words) != 1:
        raise ParityError(f"{raw.keyword} requires exactly one argument", raw.location)
    return raw.words[0]


_MAKERS: Mapping[str, Callable[[_Typed, RawInstruction, tuple[tuple[str, str], ...]], Instruction]] = {
    "FROM": _Typed.make_from,
    "ARG": _Typed.make_arg,
    "ENV": _Typed.make_env,
    "COPY": _Typed.make_copy,
    "ADD": _Typed.make_copy,
    "RUN": _Typed.make_run,
    "WORKDIR": _Typed.make_workdir,
    "USER": _Typed.make_user,
    "VOLUME": _Typed.make_volume,
    "ENTRYPOINT": _Typed.make_entrypoint,
    "CMD": _Typed.make_cmd,
    "SHELL": _Typed.make_shell,
    "ONBUILD": _Typed.make_onbuild,
    "HEALTHCHECK": _Typed.make_healthcheck,
    "LABEL": _Typed.make_other,
    "EXPOSE": _Typed.make_other,
    "STOPSIGNAL": _Typed.make_other,
    "MAINTAINER": _Typed.make_other,
}
