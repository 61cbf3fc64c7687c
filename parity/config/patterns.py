"""Files that the configuration names by patterns, as .gitignore does."""

from __future__ import annotations

from functools import lru_cache

from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore import GitIgnorePatternError

from parity.model.errors import ParityError
from parity.model.location import Location


@lru_cache
def files_of(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    """Raises ValueError for what is no pattern."""
    try:
        return GitIgnoreSpec.from_lines(patterns)
    except GitIgnorePatternError as error:
        raise ValueError(str(error)) from None


def require_patterns(patterns: tuple[str, ...], key: str, place: Location | None) -> None:
    """Raises ParityError for what is no pattern. `place`: where the configuration says them, as `key`."""
    try:
        files_of(patterns)
    except ValueError as error:
        raise ParityError(f"{key}: {error}", place, "write it as in .gitignore") from None


def rooted(pattern: str, home: str) -> str:
    """A pattern that is relative to the folder `home` ("": the root), relative to the root."""
    if not home:
        return pattern
    anchored = "/" in pattern.rstrip("/")
    return f"/{home}/{pattern.lstrip('/')}" if anchored else f"/{home}/**/{pattern}"
