"""A command line as the container would run it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct, field

from parity.model.location import Location

NOTHING: Mapping[str, str] = MappingProxyType({})


class Command(Struct, frozen=True):
    """One program with its arguments, as execve would get them.

    `argv`              program and arguments; an argument whose text cannot be told is None
    `environment`       the variables that are known to be set
    `working_directory` an image path
    `location`          where it is written (a Dockerfile line, a line of a shell script)
    `certain`           False where it may not run (a branch that depends on what is not known)
    `fatal`             True where its failure ends the start-up (the last command, `set -e`, `&&`)
    `stdin`             what it reads from a heredoc, a file or a pipe; None where unknown or inherited
    `more_variables`    may it have variables that are not known, PYTHONPATH among them?
    """

    argv: tuple[str | None, ...]
    environment: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    working_directory: str = "/"
    location: Location | None = None
    certain: bool = True
    fatal: bool = True
    stdin: bytes | None = None
    more_variables: bool = False
