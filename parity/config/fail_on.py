"""For which reports is the exit status 1?"""

from __future__ import annotations

from msgspec import Struct

from parity.model.errors import ParityError
from parity.model.finding import Severity
from parity.model.report import Report

UNCHECKED = "unchecked"
LEVELS = {
    "error": (Severity.ERROR,),
    "warning": (Severity.ERROR, Severity.WARNING),
    "info": (Severity.ERROR, Severity.WARNING, Severity.INFO),
    "never": (),
}


CHOICES = (*LEVELS, UNCHECKED, *(f"{level},{UNCHECKED}" for level in ("error", "warning", "info")))
"""Every value that there is."""


class FailOn(Struct, frozen=True):
    """`severities`: those that fail; `unchecked`: does an image fail that was not checked?"""

    severities: tuple[Severity, ...]
    unchecked: bool = False

    @classmethod
    def parse(cls, text: str) -> FailOn:
        """`error`, `warning`, `info`, `never`, `unchecked`, `warning,unchecked`. Raises ParityError for others."""
        words = [word.strip() for word in text.split(",")]
        levels = [word for word in words if word != UNCHECKED]
        if len(levels) > 1 or any(word not in LEVELS for word in levels):
            hint = (
                "say error, warning, info, never, unchecked, or a severity with unchecked: warning,unchecked"
            )
            raise ParityError(f"fail-on cannot be {text!r}", hint=hint)
        return cls(LEVELS[levels[0] if levels else "error"], UNCHECKED in words)

    def fails(self, report: Report) -> bool:
        """Is there anything for which the exit status is 1?"""
        return any(map(report.count, self.severities)) or (self.unchecked and report.unchecked > 0)
