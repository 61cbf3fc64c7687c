"""Which lines of a file does a comment silence? Python, Dockerfile and .dockerignore alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.model.location import Location
from parity.model.suppression import Suppression

_COMMENT = re.compile(
    r"(?P<before>.*?)(?P<text>#\s*parity:\s*ignore(?:\[(?P<codes>[^\]\n]*)\])?(?P<reason>[^\n]*))"
)
_MARK = re.compile(rb"parity:\s*ignore")


def suppressions_in(path: str, data: bytes) -> tuple[Suppression, ...]:
    """`path` is the file's, relative to the project root.

    A comment behind code silences its own line. One that stands alone silences the next line that is neither
    empty nor a comment: neither a Dockerfile nor an ignore file has any other kind.
    """
    if _MARK.search(data) is None:
        return ()
    return tuple(_suppressions(path, data.decode("utf8", "surrogateescape").split("\n")))


def _suppressions(path: str, lines: list[str]) -> Iterator[Suppression]:
    for number, line in enumerate(lines, 1):
        found = _COMMENT.match(line)
        if found is None:
            continue
        alone = not found["before"].strip()
        silenced = next(_code_below(lines, number), number) if alone else number
        codes = tuple(code.strip() for code in (found["codes"] or "").split(",") if code.strip())
        column = found.start("text") + 1
        place = Location(path, number, column, number, len(line.rstrip()) + 1)
        yield Suppression(place, silenced, codes, found["reason"].strip(), alone, found["before"])


def _code_below(lines: list[str], number: int) -> Iterator[int]:
    for below in range(number, len(lines)):
        text = lines[below].strip()
        if text and not text.startswith("#"):
            yield below + 1
