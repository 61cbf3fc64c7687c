"""Which `--name=value` may an instruction have, and what do they say?

BuildKit: frontend/dockerfile/instructions/bflag.go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from enum import Enum

from msgspec import Struct

from parity.dockerfile.syntax import RawInstruction
from parity.model.errors import ParityError
from parity.model.location import Location


class Kind(Enum):
    """What follows the name: a value once, a value each time, or nothing, `true` or `false`."""

    ONCE = "once"
    REPEATED = "repeated"
    BOOLEAN = "boolean"


FLAGS: Mapping[str, Mapping[str, Kind]] = {
    "FROM": {"platform": Kind.ONCE},
    "COPY": {
        **dict.fromkeys(("from", "chown", "chmod"), Kind.ONCE),
        **dict.fromkeys(("link", "parents"), Kind.BOOLEAN),
        "exclude": Kind.REPEATED,
    },
    "ADD": {
        **dict.fromkeys(("chown", "chmod", "checksum"), Kind.ONCE),
        **dict.fromkeys(("link", "keep-git-dir", "unpack"), Kind.BOOLEAN),
        "exclude": Kind.REPEATED,
    },
    "RUN": {
        **dict.fromkeys(("network", "security"), Kind.ONCE),
        **dict.fromkeys(("mount", "device"), Kind.REPEATED),
    },
    "HEALTHCHECK": dict.fromkeys(
        ("interval", "timeout", "start-period", "start-interval", "retries"), Kind.ONCE
    ),
}
_DURATION = re.compile(r"[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|[-+]?0", re.ASCII)
_PART = re.compile(r"(\d+\.?\d*|\.\d+)([a-zµμ]+)", re.ASCII)
_MILLISECONDS = {"ns": 1e-6, "us": 1e-3, "µs": 1e-3, "μs": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4, "h": 36e5}


class Flags(Struct, frozen=True):
    """`pairs`: names and values in order; a boolean is `true` or `false`."""

    pairs: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str | None:
        return next((value for key, value in self.pairs if key == name), None)

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.pairs if key == name)

    def check_durations(self, location: Location) -> None:
        """BuildKit: parseHealthcheck, parseOptInterval. Raises ParityError."""
        for name, value in self.pairs:
            if not value:
                continue
            if name == "retries":
                if not re.fullmatch(r"[-+]?\d{1,10}", value, re.ASCII) or abs(int(value)) >= 1 << 31:
                    raise ParityError(f'strconv.ParseInt: parsing "{value}": invalid syntax', location)
                if int(value) < 0:
                    raise ParityError(f"--retries cannot be negative ({value})", location)
                continue
            if not _DURATION.fullmatch(value):
                raise ParityError(f'time: invalid duration "{value}"', location)
            length = sum(float(n) * _MILLISECONDS[unit] for n, unit in _PART.findall(value))
            if length and (length < 1 or value.startswith("-")):
                raise ParityError(f'Interval "{name}" cannot be less than 1ms', location)


def read_flags(raw: RawInstruction) -> Flags:
    """Raises ParityError for a flag that is unknown, repeated, or lacks a proper value."""
    allowed = FLAGS.get(raw.keyword, {})
    found: list[tuple[str, str]] = []
    seen: set[str] = set()
    for flag in raw.flags:
        name, equals, value = flag[2:].partition("=")
        kind = allowed.get(name)
        if kind is None:
            near = get_close_matches(name[:40], sorted(allowed), 1)
            hint = f"did you mean --{near[0]}?" if near else ""
            raise ParityError(f"unknown flag: --{name}", raw.location, hint)
        if kind is not Kind.REPEATED and name in seen:
            raise ParityError(f"duplicate flag specified: --{name}", raw.location)
        seen.add(name)
        if kind is Kind.BOOLEAN:
            value = value.lower() if equals else "true"
            if value not in ("true", "false", ""):
                raise ParityError(f"expecting boolean value for flag --{name}, not: {value}", raw.location)
        if (kind is Kind.BOOLEAN and not value) or (kind is not Kind.BOOLEAN and not equals):
            raise ParityError(f"missing a value on flag: --{name}", raw.location)
        found.append((name, value))
    return Flags(tuple(found))
