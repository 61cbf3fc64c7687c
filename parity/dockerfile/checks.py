"""A raw instruction -> the typed one, checked: would BuildKit accept it?

BuildKit: frontend/dockerfile/instructions: parse.go, bflag.go.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches

from parity.dockerfile.flags import read_flags
from parity.dockerfile.heredocs import mark_of
from parity.dockerfile.instructions import (
    Arg,
    Cmd,
    CommandLine,
    Copy,
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
    User,
    Volume,
    Workdir,
)
from parity.dockerfile.lines import RawHeredoc
from parity.dockerfile.syntax import KEYWORDS, RawInstruction
from parity.dockerfile.words import readable, trim
from parity.model.errors import ParityError

_STAGE_NAME = re.compile(r"[a-z][a-z0-9\-_.]*")
_TABS = re.compile(r"^\t+", re.MULTILINE)
_MODES = {"network": ("default", "none", "host"), "security": ("sandbox", "insecure")}


def typed(raw: RawInstruction) -> Instruction:
    """Raises ParityError in BuildKit's words, at the instruction's place."""
    make = _MAKERS.get(raw.keyword)
    if make is None:
        near = get_close_matches(raw.keyword.upper()[:40], sorted(KEYWORDS), 1)
        hint = f"did you mean {near[0]}?" if near else ""
        raise ParityError(f"unknown instruction: {readable(raw.instruction[:80])}", raw.location, hint)
    return make(raw)


def _some(raw: RawInstruction) -> None:
    if not raw.args:
        raise ParityError(f"{raw.keyword} requires at least one argument", raw.location)


def _one(raw: RawInstruction) -> str:
    if len(raw.words) != 1:
        raise ParityError(f"{raw.keyword} requires exactly one argument", raw.location)
    read_flags(raw)
    return raw.words[0]


def _command(raw: RawInstruction) -> CommandLine:
    """Without operands the shell gets the empty text, CMD and ENTRYPOINT included."""
    if raw.form == "json":
        return CommandLine(raw.words, None)
    return CommandLine(None, readable("".join(raw.words)), raw.segments)


def _from(raw: RawInstruction) -> From:
    words = raw.words
    named = len(words) == 3 and words[1].lower() == "as"
    if len(words) != 1 and not named:
        raise ParityError("FROM requires either one or three arguments", raw.location)
    name = words[2].lower() if named else None
    if name is not None and not _STAGE_NAME.fullmatch(name):
        raise ParityError(
            f'invalid name for build stage: "{readable(words[2])}", '
            "name can't start with a number or contain symbols",
            raw.location,
        )
    return From(words[0], name, read_flags(raw).get("platform"), raw.location)


def _arg(raw: RawInstruction) -> Arg:
    _some(raw)
    read_flags(raw)
    parts = [word.partition("=") for word in raw.words]
    if any(not name for name, _, _ in parts):
        raise ParityError("ARG names can not be blank", raw.location)
    return Arg(tuple((name, value if equals else None) for name, equals, value in parts), raw.location)


def _pairs(raw: RawInstruction) -> tuple[tuple[str, str], ...]:
    _some(raw)
    read_flags(raw)
    pairs = tuple((arg[0], arg[1]) for arg in raw.args)
    if any(not name for name, _ in pairs):
        raise ParityError(f"{raw.keyword} names can not be blank", raw.location)
    return pairs


def _copy(raw: RawInstruction) -> Copy:
    if len(raw.words) < 2:
        raise ParityError(
            f"{raw.keyword} requires at least two arguments, but only one was provided. "
            "Destination could not be determined",
            raw.location,
        )
    flags = read_flags(raw)
    *sources, destination = raw.words
    if mark_of(destination) is not None:
        raise ParityError(f"{raw.keyword} cannot accept a heredoc as a destination", raw.location)
    # By name: of two bodies of one name the later one counts, and in JSON form there is none.
    bodies = {body.name: body for body in raw.heredocs}
    paths: list[str] = []
    heredocs: list[Heredoc] = []
    for source in sources:
        mark = mark_of(source)
        if mark is None:
            paths.append(source)
            continue
        body = bodies.get(mark.name)
        content = body.content if body is not None else ""
        line = body.line if body is not None else raw.location.line
        heredocs.append(
            Heredoc(mark.name, _TABS.sub("", content) if mark.chomp else content, mark.expand, line)
        )
    return Copy(raw.keyword == "ADD", tuple(paths), destination, flags.pairs, tuple(heredocs), raw.location)


def _run(raw: RawInstruction) -> Run:
    flags = read_flags(raw)
    for name, modes in _MODES.items():
        mode = flags.get(name)
        if mode is not None and mode not in modes:
            raise ParityError(f'invalid {name} mode "{mode}"', raw.location)
    mounts = tuple(_mount(value, raw) for value in flags.all("mount"))
    command = _command(raw)
    heredocs = tuple(_body(body) for body in raw.heredocs)
    if heredocs and command.shell is not None and mark_of(command.shell) is not None:
        command = CommandLine(None, "")
    return Run(command, mounts, heredocs, raw.location)


def _body(body: RawHeredoc) -> Heredoc:
    content = readable(body.content)
    return Heredoc(body.name, _TABS.sub("", content) if body.chomp else content, body.expand, body.line)


def _mount(value: str, raw: RawInstruction) -> Mount:
    try:
        fields = next(csv.reader([value], strict=True), None)
    except csv.Error as error:
        raise ParityError(f"failed to parse csv mounts: {error}", raw.location) from None
    if not fields:
        raise ParityError("failed to parse csv mounts: EOF", raw.location)
    parts = [field.partition("=") for field in fields]
    mount = Mount(tuple((key.lower(), text if equals else "true") for key, equals, text in parts))
    if "$" in (mount.get("from") or ""):
        raise ParityError(
            "'from' doesn't support variable expansion, define alias stage instead", raw.location
        )
    return mount


def _workdir(raw: RawInstruction) -> Workdir:
    return Workdir(_one(raw), raw.location)


def _user(raw: RawInstruction) -> User:
    return User(_one(raw), raw.location)


def _volume(raw: RawInstruction) -> Volume:
    read_flags(raw)
    _some(raw)
    paths = tuple(trim(word) for word in raw.words)
    if not all(paths):
        raise ParityError("VOLUME specified can not be an empty string", raw.location)
    return Volume(paths, raw.location)


def _entrypoint(raw: RawInstruction) -> Entrypoint:
    read_flags(raw)
    return Entrypoint(_command(raw), raw.location)


def _cmd(raw: RawInstruction) -> Cmd:
    read_flags(raw)
    return Cmd(_command(raw), raw.location)


def _shell(raw: RawInstruction) -> Shell:
    read_flags(raw)
    _some(raw)
    if raw.form != "json":
        raise ParityError("SHELL requires the arguments to be in JSON form", raw.location)
    return Shell(raw.words, raw.location)


def _onbuild(raw: RawInstruction) -> Onbuild:
    if raw.sub is None:
        raise ParityError("ONBUILD requires at least one argument", raw.location)
    read_flags(raw)
    if raw.sub.keyword in ("FROM", "MAINTAINER"):
        raise ParityError(f"{raw.sub.keyword} isn't allowed as an ONBUILD trigger", raw.location)
    try:
        return Onbuild(typed(raw.sub), raw.location)
    except ParityError as error:
        return Onbuild(Other(raw.sub.keyword, raw.location, error.message), raw.location)


def _healthcheck(raw: RawInstruction) -> Healthcheck:
    _some(raw)
    kind, *rest = raw.words
    if kind.upper() == "NONE":  # its flags are not looked at
        if rest:
            raise ParityError("HEALTHCHECK NONE takes no arguments", raw.location)
        return Healthcheck(None, raw.location)
    read_flags(raw).check_durations(raw.location)
    if kind.upper() != "CMD":
        raise ParityError(f'Unknown type "{kind.upper()}" in HEALTHCHECK (try CMD)', raw.location)
    if not rest:
        raise ParityError("Missing command after HEALTHCHECK CMD", raw.location)
    if raw.json:
        return Healthcheck(CommandLine(tuple(rest), None), raw.location)
    return Healthcheck(CommandLine(None, readable(rest[0]), raw.segments), raw.location)


def _env(raw: RawInstruction) -> Env:
    return Env(_pairs(raw), raw.location)


def _label(raw: RawInstruction) -> Other:
    _pairs(raw)
    return Other(raw.keyword, raw.location)


def _expose(raw: RawInstruction) -> Other:
    _some(raw)
    read_flags(raw)
    return Other(raw.keyword, raw.location)


def _single(raw: RawInstruction) -> Other:
    _one(raw)
    return Other(raw.keyword, raw.location)


_MAKERS: Mapping[str, Callable[[RawInstruction], Instruction]] = {
    "FROM": _from,
    "ARG": _arg,
    "ENV": _env,
    "COPY": _copy,
    "ADD": _copy,
    "RUN": _run,
    "WORKDIR": _workdir,
    "USER": _user,
    "VOLUME": _volume,
    "ENTRYPOINT": _entrypoint,
    "CMD": _cmd,
    "SHELL": _shell,
    "ONBUILD": _onbuild,
    "HEALTHCHECK": _healthcheck,
    "LABEL": _label,
    "EXPOSE": _expose,
    "STOPSIGNAL": _single,
    "MAINTAINER": _single,
}
