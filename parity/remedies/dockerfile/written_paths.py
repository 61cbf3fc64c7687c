"""How would the writer of these paths write another one: relative, with a variable, with `./`?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from parity.tree.base import below, within

_SPECIAL = frozenset("$*?[]\\\"'`")
"""What BuildKit reads as more than itself in the paths of a COPY."""
_WORD = re.compile(r"\S+")
_CARRIED = re.compile(r"--(?:chown|chmod|link)\b\S*")


def written_like(pairs: Iterable[tuple[str, str]], path: str) -> str | None:
    """`pairs`: a path as it is written, and what it comes to (absolute); the first that lies above decides.

    `$HOME/shop` for `/srv/app/shop` makes `/srv/app/util.py` `$HOME/util.py`. None where no pair lies above.
    """
    for text, real in pairs:
        base, folder = text.rstrip("/"), real
        while base and folder != "/" and base.rpartition("/")[2] == folder.rpartition("/")[2]:
            base, folder = base.rpartition("/")[0], folder.rpartition("/")[0] or "/"
        if not within(path, folder):
            continue
        rest = below(path, folder)
        if text.startswith("/"):
            return path if not base else f"{base}/{rest}".rstrip("/")
        dotted = text.startswith("./") and base in ("", ".")
        if base in ("", "."):
            return (f"./{rest}" if dotted and rest else rest) or "."
        return f"{base}/{rest}".rstrip("/")
    return None


def carried_flags(text: str) -> list[str]:
    """Those of a COPY that its neighbour is to have, too: who may read what it brings."""
    return _CARRIED.findall(text.split("\n")[0])


def is_read_as_written(path: str) -> bool:
    """Does BuildKit take the path for what it is?"""
    return path.isprintable() and not _SPECIAL & set(path) and not path.startswith(("-", "<<"))


def words_of_copy(flags: Iterable[str], sources: Iterable[str], target: str) -> str:
    """A COPY instruction; in the form of an array where a path has a space."""
    paths = [*sources, target]
    spaced = any(character.isspace() for path in paths for character in path)
    operands = json.dumps(paths, ensure_ascii=False) if spaced else " ".join(paths)
    return " ".join(("COPY", *flags, operands)) + "\n"


def with_word(text: str, word: str, *, before: str) -> str | None:
    """The lines of an instruction with one more word, before its last word, which is `before`."""
    body = text.rstrip("\n")
    if body.rstrip().endswith("]"):
        quoted = json.dumps(before, ensure_ascii=False)
        head, found, tail = body.rpartition(quoted)
        return (
            f"{head}{json.dumps(word, ensure_ascii=False)}, {quoted}{tail}\n"
            if found and not tail.strip(" ]")
            else None
        )
    spots = list(_WORD.finditer(body))
    if not spots or spots[-1][0] != before or any(character.isspace() for character in word):
        return None
    at = spots[-1].start()
    line = body[body.rfind("\n", 0, at) + 1 : at]
    if line.strip() or "\n" not in body:
        return f"{body[:at]}{word} {body[at:]}\n"
    return f"{body[:at]}{word} \\\n{line}{body[at:]}\n"
