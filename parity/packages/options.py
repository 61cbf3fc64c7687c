"""Which options and operands does an installer get?"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from parity.shell.word import Word


class Given(Struct, frozen=True):
    """`flags`: option names as written (`-q`, `--no-deps`); `values`: those with a value, in order."""

    flags: frozenset[str]
    values: Mapping[str, tuple[str | None, ...]]
    operands: tuple[Word, ...]

    def has(self, *names: str) -> bool:
        return any(name in self.flags for name in names)

    def all(self, *names: str) -> tuple[str | None, ...]:
        return tuple(value for name in names for value in self.values.get(name, ()))

    def last(self, *names: str) -> str | None:
        """The value that counts; None where it is not given (see `has`) or cannot be told."""
        found = self.all(*names)
        return found[-1] if found else None

    def operand(self, number: int) -> str:
        """Empty where there is none, or where it cannot be told."""
        return (self.operands[number].text or "") if number < len(self.operands) else ""


def read(words: tuple[Word, ...], valued: str) -> Given:
    """`valued`: the options that take a value, long and short, with blanks between."""
    names = frozenset(valued.split())
    flags: set[str] = set()
    values: dict[str, list[str | None]] = {}
    operands: list[Word] = []
    todo = list(reversed(words))
    while todo:
        word = todo.pop()
        text = word.prefix if word.text is None else word.text
        if text == "--":
            operands += reversed(todo)
            break
        if not text.startswith("-") or text == "-":
            operands.append(word)
        elif text.startswith("--"):
            name, equals, value = text.partition("=")
            flags.add(name)
            if equals:
                values.setdefault(name, []).append(None if word.text is None else value)
            elif name in names:
                values.setdefault(name, []).append(todo.pop().text if todo else None)
        else:
            letters = text[1:]
            while letters:
                name, letters = f"-{letters[0]}", letters[1:]
                flags.add(name)
                if name in names:
                    inline = letters.removeprefix("=")
                    known = None if word.text is None else inline
                    values.setdefault(name, []).append(
                        known if letters else todo.pop().text if todo else None
                    )
                    break
    return Given(frozenset(flags), {name: tuple(found) for name, found in values.items()}, tuple(operands))


def split_command(words: tuple[Word, ...], valued: str) -> tuple[Given, str, tuple[Word, ...]]:
    """`-q --project x sync --frozen` -> the options before the subcommand, `sync`, and the words after it.

    The subcommand is empty where there is none or where it cannot be told.
    """
    names = frozenset(valued.split())
    number = 0
    while number < len(words):
        text = words[number].text
        if text is None and not words[number].prefix.startswith("-"):
            break
        if text is not None and not text.startswith("-"):
            return read(words[:number], valued), text, words[number + 1 :]
        number += 2 if text in names else 1
    return read(words[:number], valued), "", ()


NAMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[^\]]*\])?\s*([<>=!~;]|$)")


def names_a_distribution(word: Word) -> bool:
    """Is this operand, as far as it is known, `name`, `name==1` or `name[extra]`?"""
    text = word.text
    if text is not None:
        return bool(NAMED.match(text))
    return bool(re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[^\]]*\])?\s*[<>=!~]", word.prefix))
