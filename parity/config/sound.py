"""Which values of options and keys mean something?"""

from __future__ import annotations

import re
import shlex

from parity.model.version import PythonVersion

_PLATFORM = re.compile(r"[A-Za-z0-9_-]+/[A-Za-z0-9_-]+(/[A-Za-z0-9_.-]+)?")

NEWEST_MINOR = 15
"""Of Python 3: the version that is being developed."""


def is_version(text: str) -> bool:
    """A Python that has the import system that is replayed here, and that there is."""
    version = PythonVersion.parse(text)
    return version is not None and version.major == 3 and version.minor <= NEWEST_MINOR


def is_platform(text: str) -> bool:
    """Written out in full: `os/architecture[/variant]`."""
    return _PLATFORM.fullmatch(text) is not None


def is_command(text: str) -> bool:
    """A command line that a shell could read, and that is not empty."""
    try:
        return bool(shlex.split(text))
    except ValueError:
        return bool(text.strip()) and any(sign in text for sign in "&|;<>$`(\n") and _is_shell(text)


def _is_shell(text: str) -> bool:
    from parity.shell.parse import parse  # it takes a while, and few commands need it
    from parity.shell.syntax import Unparsed

    return not any(isinstance(statement, Unparsed) for statement in parse(text).statements)
