"""Which options and operands does a command line hold, given which of its options take a value?

The rules are those of getopt_long, argparse and click, which agree on what matters here: `--x=y`, `--x y`,
`-xVAL`, `-x VAL`, clusters of letters, `--` ends the options.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

Word = str | None
"""A word of a command line; None: its text cannot be told."""


class Options(Struct, frozen=True):
    """What a program understands.

    `valued`       options that take a value, as written (`--host`, `-b`)
    `flags`        options that take none
    `optional`     options that take the next word if that is no option (argparse: `nargs="?"`)
    `many`         options that take every word up to the next option (argparse: `nargs="*"`)
    `interspersed` options are looked for behind the first operand too
    `abbreviated`  a long option may be cut short where that is unambiguous (argparse, getopt_long)
    `dotted`       an unknown long option with a dot in its name takes a value (streamlit)
    """

    valued: frozenset[str]
    flags: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    many: frozenset[str] = frozenset()
    interspersed: bool = True
    abbreviated: bool = False
    dotted: bool = False


def options(
    valued: str,
    flags: str = "",
    *,
    optional: str = "",
    many: str = "",
    interspersed: bool = True,
    abbreviated: bool = False,
    dotted: bool = False,
) -> Options:
    """Options from words with blanks between."""
    return Options(
        frozenset(valued.split()),
        frozenset(flags.split()),
        frozenset(optional.split()),
        frozenset(many.split()),
        interspersed,
        abbreviated,
        dotted,
    )


class Arguments(Struct, frozen=True):
    """`given`: options with their values ("" for a flag), in order; `operands`: the other words.

    `unclear`: an option was met that the table does not know and that may have taken the word behind it.
    """

    given: tuple[tuple[str, Word], ...] = ()
    operands: tuple[Word, ...] = ()
    unclear: bool = False

    def has(self, *names: str) -> bool:
        return any(name in names for name, _ in self.given)

    def every(self, *names: str) -> tuple[Word, ...]:
        return tuple(value for name, value in self.given if name in names)

    def value(self, *names: str) -> Word:
        """The last value given; None where there is none, or where it cannot be told (see `told`)."""
        found = self.every(*names)
        return found[-1] if found else None

    def told(self, *names: str) -> bool:
        """Can every value that these options were given be told?"""
        return None not in self.every(*names)


class _Reader(Struct):
    table: Options
    todo: list[Word]
    given: list[tuple[str, Word]] = field(default_factory=list)
    operands: list[Word] = field(default_factory=list)
    unclear: bool = False

    def read(self) -> Arguments:
        while self.todo:
            word = self.todo.pop(0)
            if word == "--":
                self.operands += self.todo
                break
            if word is None or word == "-" or not word.startswith("-"):
                self.operands.append(word)
                if not self.table.interspersed:
                    self.operands += self.todo
                    break
            elif word.startswith("--"):
                self._long(word)
            else:
                self._short(word)
        return Arguments(tuple(self.given), tuple(self.operands), self.unclear)

    def _long(self, word: str) -> None:
        name, equals, value = word.partition("=")
        name = self._whole(name)
        if equals:
            self.given.append((name, value))
        elif not self._take(name):
            if self.table.dotted and "." in name:
                self.given.append((name, self._next()))
            else:
                self._unknown(name)

    def _short(self, word: str) -> None:
        name, equals, value = word.partition("=")
        known = self.table.valued | self.table.flags | self.table.many | self.table.optional
        if len(word) > 2 and name in known:
            if equals:
                self.given.append((name, value))
            else:
                self._take(name)
            return
        letters = word[1:]
        while letters:
            name, letters = "-" + letters[0], letters[1:]
            if name in self.table.flags:
                self.given.append((name, ""))
            elif letters and name in known:
                self.given.append((name, letters))
                return
            elif not self._take(name):
                if not letters:
                    self._unknown(name)
                else:
                    self.unclear = True
                return

    def _take(self, name: str) -> bool:
        """Note the option and its value, if the table knows it."""
        if name in self.table.flags:
            self.given.append((name, ""))
        elif name in self.table.valued:
            self.given.append((name, self._next()))
        elif name in self.table.optional:
            self.given.append((name, self._next() if self._operand_follows() else ""))
        elif name in self.table.many:
            while self._operand_follows():
                self.given.append((name, self._next()))
        else:
            return False
        return True

    def _unknown(self, name: str) -> None:
        self.given.append((name, ""))
        if self._operand_follows():
            self.unclear = True

    def _next(self) -> Word:
        return self.todo.pop(0) if self.todo else ""

    def _operand_follows(self) -> bool:
        return bool(self.todo) and not (self.todo[0] or "").startswith("-")

    def _whole(self, name: str) -> str:
        table = self.table
        known = table.valued | table.flags | table.many | table.optional
        if name in known or not table.abbreviated:
            return name
        longer = [other for other in known if other.startswith(name) and other.startswith("--")]
        return longer[0] if len(longer) == 1 else name


def read(words: Sequence[Word], table: Options) -> Arguments:
    """The words of a command line behind the program's name."""
    return _Reader(table, list(words)).read()
