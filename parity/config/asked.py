"""The options as they are typed, and whether they mean something."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from parity.config.sound import is_command, is_platform, is_version
from parity.model.errors import ParityError

STANDARD_INPUT = "-"


class Asked(Struct, frozen=True):
    """`standard_input`: the Dockerfile that `-f -` stands for."""

    dockerfiles: tuple[str, ...] = ()
    context: str | None = None
    target: str | None = None
    build_args: tuple[str, ...] = ()
    build_contexts: tuple[str, ...] = ()
    entrypoint: str | None = None
    python: str | None = None
    platform: str | None = None
    config: Path | None = None
    python_environment: Path | None = None
    standard_input: bytes | None = None


def require_sense(asked: Asked) -> None:
    """Raises ParityError for an option whose value means nothing."""
    for option, value in (("-f", "" if "" in asked.dockerfiles else None), ("--context", asked.context)):
        if value == "":
            raise ParityError(f"{option} is empty", hint="leave it out, or name a file or folder below PATH")
    if asked.python is not None and not is_version(asked.python):
        raise ParityError(
            f"--python {asked.python!r} is not a version of Python 3", hint="write it like 3.12"
        )
    if asked.platform is not None and not is_platform(asked.platform):
        raise ParityError(
            f"--platform {asked.platform!r} is not a platform", hint="write it like linux/amd64"
        )
    if asked.entrypoint is not None and not is_command(asked.entrypoint):
        raise ParityError(
            f"--entrypoint {asked.entrypoint!r} is not a command",
            hint="write it like 'uvicorn shop.api:app', in one pair of quotes",
        )


def pair_of(text: str, option: str, default: str | None) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or (not equals and option == "--build-context"):
        raise ParityError(
            f"{option} {text!r} is not of the form NAME=VALUE",
            hint="write it as for docker build",
        )
    return name, value if equals else default or ""
