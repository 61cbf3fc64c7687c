"""Pieces of a word become fields: joined, split at separators, escaped."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from parity.model.location import Unknown
from parity.shell.word import Word

MOST_FIELDS = 20_000
LONGEST_FIELD = 200_000
NOBODY: frozenset[str] = frozenset()


class Piece(Struct, frozen=True):
    """Part of a word. `split`: the result of an unquoted expansion. `edge`: a new field starts here."""

    text: str | None
    quoted: bool = False
    split: bool = False
    edge: bool = False
    depends_on: frozenset[str] = NOBODY
    blank: frozenset[str] = NOBODY
    told: Unknown | None = None


def join(pieces: Iterable[Piece]) -> Word:
    texts: list[str] = []
    begun: str | None = None
    depends: frozenset[str] = NOBODY
    blank: frozenset[str] = NOBODY
    told: Unknown | None = None
    for piece in pieces:
        told = told or piece.told
        depends |= piece.depends_on
        blank |= piece.blank
        if piece.text is not None:
            texts.append(" " if piece.edge else piece.text)
        else:
            begun = "".join(texts) if begun is None else begun
            texts = []
    text = "".join(texts)
    if begun is not None:
        return Word(None, begun[:LONGEST_FIELD], depends, blank, told=told, ending=text[-LONGEST_FIELD:])
    if len(text) > LONGEST_FIELD:
        return Word(None, text[:LONGEST_FIELD], depends, blank, told=told)
    return Word(text, "", depends, blank)


def escape(text: str) -> str:
    return "".join("\\" + char if char in "\\*?[]-!^" else char for char in text)


def split_text(text: str, separators: str) -> list[str]:
    """The parts; an empty first or last one says that the text began or ended in a separator."""
    white = [char for char in separators if char in " \t\n"]
    hard = [char for char in separators if char not in " \t\n"]
    if not separators:
        return [text]
    if not hard:
        parts: list[str] = []
        current: list[str] = []
        for char in text:
            if char in white:
                if current or not parts:
                    parts.append("".join(current))
                    current = []
            else:
                current.append(char)
        parts.append("".join(current))
        return parts
    # `a::b`, `a : b`: each hard separator, with the white space around it, ends a field.
    parts = []
    current = []
    at = 0
    while at < len(text):
        if text[at] not in separators:
            current.append(text[at])
            at += 1
            continue
        seen = 0
        while at < len(text) and text[at] in separators and not (text[at] in hard and seen):
            seen += text[at] in hard
            at += 1
        while at < len(text) and text[at] in white:
            at += 1
        parts.append("".join(current))
        current = []
    parts.append("".join(current))
    return parts


def end_of_ansi(text: str, start: int) -> int:
    at = start + 1
    while at < len(text) and text[at] != "'":
        at += 2 if text[at] == "\\" else 1
    return min(at + 1, len(text))


def tilde_after_colons(word: str) -> str:
    """`PATH=~/bin:~/x`: bash and POSIX expand a tilde after a colon of an assignment as well."""
    return word.replace(":~/", ":$HOME/") if ":~/" in word and not any(c in word for c in "'\"\\") else word
