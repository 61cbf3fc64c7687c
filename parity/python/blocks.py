"""Under which conditions does a statement run, by the headers that it stands under?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from msgspec import Struct, field


class ScopeKind(Enum):
    """When a statement runs: with its module (`MODULE`, `CLASS`) or when something is called (`FUNCTION`)."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"


class Scope(Struct, frozen=True):
    """Where a statement stands.

    `kind`               FUNCTION inside any function, CLASS inside a class of the module, else MODULE
    `type_checking`      only type checkers read it (`if TYPE_CHECKING`)
    `caught`             a `try` of the same function catches its ImportError, or `suppress` does
    `conditional`        it stands under another header that may not run it, or in a `with`
    `version_condition`  what must be true of sys.version_info, as Python; None where nothing is asked
    `platform_condition` the same of sys.platform or os.name
    `main_guard`         it runs only in the module that is started
    """

    kind: ScopeKind = ScopeKind.MODULE
    type_checking: bool = False
    caught: bool = False
    conditional: bool = False
    version_condition: str | None = None
    platform_condition: str | None = None
    main_guard: bool = False

    @property
    def runs_at_import(self) -> bool:
        """Does it run, and fail the module where it fails, whenever the module is imported?"""
        return self.kind is not ScopeKind.FUNCTION and not (
            self.type_checking
            or self.caught
            or self.conditional
            or self.version_condition
            or self.platform_condition
            or self.main_guard
        )


MODULE_SCOPE = Scope()

_CATCHING = re.compile(r"\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b")
_SUPPRESSING = re.compile(
    r"\bsuppress\s*\([^)]*\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b"
)
_NAME = re.compile(r"\s*as\s+\w+\s*\Z")
_TYPE_CHECKING = re.compile(r"(?:\w+\s*\.\s*)*TYPE_CHECKING(?:\s+is\s+True|\s*==\s*True)?\Z")
_TYPE_CHECKING_AND = re.compile(r"(?:\w+\s*\.\s*)*TYPE_CHECKING\s+and\b(?!.*\bor\b)", re.DOTALL)
_NOT_TYPE_CHECKING = re.compile(r"not\s+(?:\w+\s*\.\s*)*TYPE_CHECKING\Z")
_MAIN = re.compile(r"__name__\s*==\s*(['\"])__main__\1\Z|(['\"])__main__\2\s*==\s*__name__\Z")
_VERSION = re.compile(r"\bsys\s*\.\s*(?:version_info|hexversion)\b")
_PLATFORM = re.compile(r"\b(?:sys\s*\.\s*platform|os\s*\.\s*name)\b")
_NOT_CODE = re.compile(r"('(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\")|#[^\n]*|\\?\n")
_LONGEST_TEST = 1000
_MOST_CLAUSES = 20


class Block(Struct):
    """A header with what belongs to it.

    `keyword`      its first word ("def" for `async def`)
    `test`         what stands between that and the colon
    `before`       the clause of the same statement before it: the `if` of an `else`
    `handlers`     of the first clause of a `try` statement: what its `except` clauses name
    """

    keyword: str
    test: str
    indentation: int
    parent: Block | None
    before: Block | None = None
    first: Block | None = None
    handlers: list[str] = field(default_factory=list)
    one_line: bool = False

    @classmethod
    def opened(cls, head: str, indentation: int, parent: Block | None, closed: Block | None) -> Block:
        """The block under the header `head` (its text up to the colon); `closed` ended where it begins."""
        keyword, test = _words(head)
        if keyword == "async":
            keyword, test = _words(test)
        before = closed if keyword in _CONTINUING else None
        first = (before.first or before) if before else None
        if keyword == "except" and first is not None:
            first.handlers.append(_NAME.sub("", test))
        return cls(keyword, test, indentation, parent, before, first)

    def clauses_before(self) -> Iterator[Block]:
        """The earlier clauses of the same statement, nearest first."""
        clause = self.before
        while clause is not None:
            yield clause
            clause = clause.before


_CONTINUING = frozenset({"elif", "else", "except", "finally"})
_WORD = re.compile(r"(\w+)(.*)\Z", re.DOTALL)


def _words(head: str) -> tuple[str, str]:
    found = _WORD.match(head.strip())
    return (found[1], found[2].strip()) if found else ("", "")


class _Conditions:
    """Gathers the conditions of a statement on the way from its block to the module."""

    def __init__(self) -> None:
        self.kind = ScopeKind.MODULE
        self.type_checking = self.caught = self.conditional = self.main_guard = False
        self.version: list[str] = []
        self.platform: list[str] = []

    def add(self, block: Block) -> None:
        match block.keyword:
            case "def":
                self.kind = ScopeKind.FUNCTION
            case "class":
                if self.kind is ScopeKind.MODULE:
                    self.kind = ScopeKind.CLASS
            case "try":
                if self.kind is not ScopeKind.FUNCTION and any(map(_catches, block.handlers)):
                    self.caught = True
            case "with":
                self.conditional = True
                if self.kind is not ScopeKind.FUNCTION and _SUPPRESSING.search(block.test):
                    self.caught = True
            case "if":
                self._add_test(block.test)
            case "elif" | "else" if block.first is not None and block.first.keyword == "if":
                self._add_clause(block)
            case _:
                self.conditional = True

    def _add_clause(self, block: Block) -> None:
        for count, clause in enumerate(block.clauses_before()):
            if count == _MOST_CLAUSES:
                self.conditional = True
                break
            self._add_refused(clause.test)
        if block.keyword == "elif":
            self._add_test(block.test)

    def _add_test(self, test: str) -> None:
        """The block runs only where `test` is true."""
        if _TYPE_CHECKING.match(test) or _TYPE_CHECKING_AND.match(test) or test in ("False", "0"):
            self.type_checking = True
        elif _MAIN.match(test):
            self.main_guard = True
        elif not _NOT_TYPE_CHECKING.match(test) and test not in ("True", "1"):
            self._add_condition(test, "{}")

    def _add_refused(self, test: str) -> None:
        """The block runs only where `test` is false."""
        if _NOT_TYPE_CHECKING.match(test):
            self.type_checking = True
        elif not _TYPE_CHECKING.match(test) and test not in ("False", "0"):
            self._add_condition(test, "not ({})")

    def _add_condition(self, test: str, form: str) -> None:
        version, platform = _VERSION.search(test), _PLATFORM.search(test)
        if not (version or platform) or len(test) > _LONGEST_TEST:
            self.conditional = True
            return
        text = form.format(" ".join(_NOT_CODE.sub(lambda found: found[1] or " ", test).split()))
        if version:
            self.version.append(text)
        if platform:
            self.platform.append(text)


def _catches(handler: str) -> bool:
    return not handler.strip(" \t\f\\\n*") or _CATCHING.search(handler) is not None


def _joined(tests: list[str]) -> str | None:
    """The outermost test first."""
    if len(tests) < 2:
        return tests[0] if tests else None
    return " and ".join(f"({test})" for test in reversed(tests))


def scope_of(block: Block | None) -> Scope:
    """The scope of a statement that stands directly in `block` (None: at the top of the module)."""
    conditions = _Conditions()
    while block is not None:
        conditions.add(block)
        block = block.parent
    return Scope(
        conditions.kind,
        conditions.type_checking,
        conditions.caught,
        conditions.conditional,
        _joined(conditions.version),
        _joined(conditions.platform),
        conditions.main_guard,
    )
