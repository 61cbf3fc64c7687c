"""Does a path match a glob of a build configuration? (`*` stays within a part, `**` spans parts)"""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 300
MOST_SPANS = 2
"""`**` in one pattern: each multiplies the time by the depth of the path."""


@lru_cache(maxsize=512)
def glob(pattern: str, hidden: bool = True) -> re.Pattern[str] | None:
    """For `fullmatch` on a relative path; None where the pattern is too long to be tried.

    `hidden`: wildcards match names that begin with a dot (pathlib's do, the `glob` module's do not).
    """
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    if len(pattern) > LONGEST or parts.count("**") > MOST_SPANS:
        return None
    dot = "" if hidden else r"(?!\.)"
    text = ""
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if part == "**":
            text += f"(?:{dot}[^/]+/)*" + (f"{dot}[^/]*" if last else "")
            continue
        text += (dot if part[0] in "*?[" else "") + _wild(part, "[^/]") + ("" if last else "/")
    try:
        return re.compile(text)
    except re.error:
        return None


def _wild(text: str, one: str) -> str:
    """A regular expression for one part; what a `*` gave away is not tried again, so it takes linear time."""
    chunks = [_chunk(chunk, one) for chunk in re.split(r"\*+", text)]
    if len(chunks) == 1:
        return chunks[0]
    middle = "".join(f"(?>{one}*?{chunk})" for chunk in chunks[1:-1])
    return f"{chunks[0]}{middle}{one}*{chunks[-1]}"


def _chunk(text: str, one: str) -> str:
    done = ""
    at = 0
    while at < len(text):
        letter = text[at]
        at += 1
        if letter == "?":
            done += one
        elif letter == "[" and (end := text.find("]", at + 1)) > 0:
            inside = text[at:end].replace("\\", "\\\\").replace("[", r"\[")
            done += f"[{'^' + inside[1:] if inside[0] in '!^' else inside}]"
            at = end + 1
        else:
            done += re.escape(letter)
    return done


def matches(pattern: str, path: str, *, hidden: bool = True) -> bool:
    compiled = glob(pattern.removeprefix("./"), hidden)
    return compiled is not None and compiled.fullmatch(path) is not None


def matches_or_holds(pattern: str, path: str) -> bool:
    """Does the pattern match the path, or a folder that it is in?"""
    while path:
        if matches(pattern, path):
            return True
        path = path.rpartition("/")[0]
    return False


def is_glob(text: str) -> bool:
    return bool(set(text) & set("*?["))


def name_matches(patterns: tuple[str, ...], name: str) -> bool:
    """`fnmatch` on a dotted name, where `*` spans the dots. Patterns too long to be tried match nothing."""
    return any(
        len(pattern) <= LONGEST and _names(pattern).fullmatch(name) is not None for pattern in patterns
    )


@lru_cache(maxsize=512)
def _names(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(_wild(pattern, "."), re.DOTALL)
    except re.error:
        return re.compile(re.escape(pattern))
