"""Which shell's language is a text written in?"""

from __future__ import annotations

from enum import Enum


class Dialect(Enum):
    """`POSIX`: dash, busybox. `BASH`: brace expansion, arrays, its own `echo`."""

    POSIX = "posix"
    BASH = "bash"


PIPEFAIL = "|"
"""Stands for `-o pipefail` among the letters of a shell's options."""
