"""The text of a TOML file -> its tables, within bounds of time and memory."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

MOST_DOTS = 200
"""Parts of a dotted key: tomllib's time and memory grow with their square."""
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|\.{2,}")
_AT_LINE = re.compile(r"\(at line (\d+)")


class NotTomlError(Exception):
    """Why the text is no TOML, or too intricate; `line` 0: nobody knows where."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def parsed(text: str) -> Mapping[str, object]:
    """Raises NotTomlError."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MOST_DOTS and _QUOTED.sub('""', line).count(".") > MOST_DOTS:
            raise NotTomlError(f"a key has more than {MOST_DOTS} parts", number)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Tomllib says "(at line 3, column 1)", and from Python 3.14 on in attributes, too.
        place = _AT_LINE.search(str(error))
        raise NotTomlError(str(error), int(place[1]) if place else 0) from None
    except RecursionError:
        raise NotTomlError("it is nested too deeply") from None
    except ValueError as error:  # a number of more than 4,300 digits
        raise NotTomlError(str(error)) from None


def tables_of(text: str) -> Mapping[str, object] | None:
    """None where the text cannot be read."""
    try:
        return parsed(text)
    except NotTomlError:
        return None
