"""Is the condition true? `test`, `[ ... ]` (POSIX `test` utility) and bash's `[[ ... ]]`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import Struct

from parity.model.location import Unknown
from parity.patterns.posix import compile_pattern, matches
from parity.shell.dialect import Dialect
from parity.shell.word import Word
from parity.tree.base import Absent, Entry, FileKind, FileTree, within
from parity.tree.links import follow

FILE_TESTS = frozenset("-e -f -d -h -L -s -x -r -w -b -c -p -S -g -u -k -O -G -N -t".split())
NUMBER_TESTS: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b,
    "-gt": lambda a, b: a > b,
    "-ge": lambda a, b: a >= b,
}
BINARY = frozenset(("=", "==", "!=", "<", ">", "-nt", "-ot", "-ef", *NUMBER_TESTS))
NUMBER = re.compile(r"\s*[+-]?[0-9]{1,18}\s*")
MACHINE = ("/dev", "/proc", "/sys")
"""What stands here is the running machine's."""
MOST_WORDS = 500


class ConditionError(Exception):
    """The condition makes no sense to the shell: status 2."""


class Conditions(Struct, frozen=True):
    """Evaluates against the files as they are; True, False, or None where it cannot be told."""

    files: FileTree
    working_directory: str | None
    dialect: Dialect

    def test(self, words: Sequence[str | None]) -> bool | None:
        """The arguments of `test` (without `[` and `]`). Raises ConditionError."""
        if len(words) > MOST_WORDS:
            return None
        match list(words):
            case []:
                return False
            case [one]:
                return None if one is None else bool(one)
            case ["!", *rest] if len(rest) <= 3:
                return _not(self.test(rest))
            case ["(", *inner, ")"] if len(inner) in (1, 2):
                return self.test(inner)
            case [operator, operand]:
                return self.unary(operator, operand)
            case [left, operator, right] if operator in BINARY:
                return self.binary(left, operator, right)
            case [left, "-a", right]:
                return _and(self.test([left]), self.test([right]))
            case [left, "-o", right]:
                return _or(self.test([left]), self.test([right]))
            case ["(", one, ")"]:
                return self.test([one])
            case [_, None, _]:
                return None
            case _ if len(words) > 3:
                return _Long(self, list(words)).whole()
        raise ConditionError

    def unary(self, operator: str | None, operand: str | None) -> bool | None:
        if operator is None:
            return None
        if operator in ("-z", "-n"):
            return None if operand is None else bool(operand) is (operator == "-n")
        if operator in FILE_TESTS:
            return None if operand is None else self.file(operator, operand)
        if operator in ("-v", "-o", "-R"):
            if self.dialect.lacks("-v"):
                raise ConditionError
            return None
        raise ConditionError

    def file(self, operator: str, path: str) -> bool | None:
        if not path:
            return False
        if operator == "-t" or (not path.startswith("/") and self.working_directory is None):
            return None
        whole = path if path.startswith("/") else f"{self.working_directory}/{path}"
        if any(within(whole, folder) for folder in MACHINE):
            return None
        links = operator in ("-h", "-L")
        found = follow(self.files, whole, last=not links or path.endswith("/"))
        answer = found.answer
        if isinstance(answer, Unknown):
            return None
        if isinstance(answer, Absent) or (path.endswith("/") and answer.kind is not FileKind.DIRECTORY):
            return False
        match operator:
            case "-e":
                return True
            case "-f":
                return answer.kind is FileKind.FILE
            case "-d":
                return answer.kind is FileKind.DIRECTORY
            case "-h" | "-L":
                return answer.kind is FileKind.SYMLINK
            case "-s":
                if answer.kind is FileKind.DIRECTORY:
                    return True
                content = self.files.read(found.path)
                return None if isinstance(content, Unknown) else bool(content)
            case "-x":
                return _executable(answer)
            case "-b" | "-c" | "-p" | "-S":
                return False
        return None

    def binary(self, left: str | None, operator: str, right: str | None) -> bool | None:
        if operator == "==" and self.dialect.lacks("=="):
            raise ConditionError  # whatever the operands are
        if left is None or right is None or operator in ("-nt", "-ot", "-ef"):
            return None
        if operator in NUMBER_TESTS:
            if not (NUMBER.fullmatch(left) and NUMBER.fullmatch(right)):
                raise ConditionError
            return NUMBER_TESTS[operator](int(left), int(right))
        if operator == "==" and self.dialect is Dialect.SH:
            return None
        if operator in ("=", "=="):
            return left == right
        if operator == "!=":
            return left != right
        return left < right if operator == "<" else left > right


class _Expression:
    """`or` below `and` below `!`, parentheses."""

    OR = "-o"
    AND = "-a"

    def __init__(self, conditions: Conditions, words: Sequence[str | None]) -> None:
        self.conditions = conditions
        self.words = words
        self.at = 0

    def whole(self) -> bool | None:
        """Raises ConditionError where it is no condition."""
        answer = self.either(0)
        if self.at != len(self.words):
            raise ConditionError
        return answer

    def either(self, depth: int) -> bool | None:
        answer = self.both(depth)
        while self.peek() == self.OR:
            self.at += 1
            answer = _or(answer, self.both(depth))
        return answer

    def both(self, depth: int) -> bool | None:
        answer = self.primary(depth)
        while self.peek() == self.AND:
            self.at += 1
            answer = _and(answer, self.primary(depth))
        return answer

    def peek(self, ahead: int = 0) -> str | None:
        place = self.at + ahead
        return self.words[place] if place < len(self.words) else None

    def primary(self, depth: int) -> bool | None:
        raise NotImplementedError

    def composed(self, depth: int) -> bool | None:
        """What `!` or `(` begins."""
        self.at += 1
        if self.words[self.at - 1] == "!":
            return _not(self.primary(depth + 1))
        answer = self.either(depth + 1)
        if self.peek() != ")":
            raise ConditionError
        self.at += 1
        return answer


class _Long(_Expression):
    """More than four arguments, as dash and bash read them."""

    def primary(self, depth: int) -> bool | None:
        if self.at >= len(self.words) or depth > 50:
            raise ConditionError
        first = self.peek()
        rest = len(self.words) - self.at
        operator = self.peek(1)
        if rest >= 3 and operator is not None and operator in BINARY:
            self.at += 3
            return self.conditions.binary(first, operator, self.words[self.at - 1])
        if first in ("!", "("):
            return self.composed(depth)
        if first is not None and (first in FILE_TESTS or first in ("-z", "-n")) and rest >= 2:
            self.at += 2
            return self.conditions.unary(first, self.words[self.at - 1])
        self.at += 1
        return None if first is None else bool(first)


class Bracketed(_Expression):
    """`[[ ... ]]`: the words are expanded here, one by one, without splitting."""

    OR = "||"
    AND = "&&"

    def __init__(
        self,
        conditions: Conditions,
        words: tuple[str, ...],
        single: Callable[[str], Word],
        pattern: Callable[[str], Word],
    ) -> None:
        super().__init__(conditions, words)
        self.single = single
        self.pattern = pattern
        self.depends_on: frozenset[str] = frozenset()

    def whole(self) -> bool | None:
        return None if len(self.words) > MOST_WORDS else super().whole()

    def text(self, word: str, *, pattern: bool = False) -> str | None:
        found = self.pattern(word) if pattern else self.single(word)
        self.depends_on |= found.depends_on
        return found.text

    def primary(self, depth: int) -> bool | None:
        if self.at >= len(self.words) or depth > 50:
            raise ConditionError
        first, second = self.peek() or "", self.peek(1) or ""
        if first in ("!", "("):
            return self.composed(depth)
        if second == "=~":
            while self.at < len(self.words) and self.peek() not in ("&&", "||"):
                self.at += 1
            return None
        if second in BINARY and self.at + 2 < len(self.words):
            left = self.text(first)
            right = self.peek(2) or ""
            self.at += 3
            if second in ("=", "==", "!="):
                wanted = self.text(right, pattern=True)
                if left is None or wanted is None or re.search(r"[?*+@!]\(", wanted):
                    return None
                return matches(compile_pattern(wanted), left) is (second != "!=")
            value = self.text(right)
            numeric = second in NUMBER_TESTS
            if numeric and not (NUMBER.fullmatch(left or "") and NUMBER.fullmatch(value or "")):
                return None  # bash evaluates these as arithmetic
            return self.conditions.binary(left, second, value)
        if (first in FILE_TESTS or first in ("-z", "-n", "-v", "-o", "-R", "-a")) and second not in ("", ")"):
            operand = self.text(second)
            self.at += 2
            return self.conditions.unary("-e" if first == "-a" else first, operand)
        text = self.text(first)
        self.at += 1
        return None if text is None else bool(text)


def _executable(entry: Entry) -> bool | None:
    if entry.kind is FileKind.DIRECTORY:
        return True
    return None if entry.mode is None else bool(entry.mode & 0o111)


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _and(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _or(left: bool | None, right: bool | None) -> bool | None:
    if left or right:
        return True
    return None if left is None or right is None else False
