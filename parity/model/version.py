"""A Python version, parsed once."""

from __future__ import annotations

import re
from typing import NamedTuple


class PythonVersion(NamedTuple):
    """Major and minor; the patch level decides no import."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"

    @classmethod
    def parse(cls, text: str) -> PythonVersion | None:
        """`3.11`, `3.11.4`, `3.13-slim` -> the version; None where the text does not start with one."""
        found = re.match(r"(\d+)\.(\d+)(?!\d)", text)
        return cls(int(found[1]), int(found[2])) if found else None


NEWEST = PythonVersion(3, 14)
"""The newest whose standard library and syntax are known: what a tag without a version is taken for."""
