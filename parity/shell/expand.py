"""What do the words of a command come to? (POSIX.1-2017, Shell Command Language, 2.6; bash manual 3.5.)

A word is scanned into pieces; what cannot be told is a piece without text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from parity.model.location import Unknown
from parity.patterns.posix import compile_pattern, glob, is_plain
from parity.shell.ansi import decode_ansi_c
from parity.shell.braces import expand_braces
from parity.shell.dialect import Dialect
from parity.shell.fields import (
    MOST_FIELDS,
    NOBODY,
    Piece,
    end_of_ansi,
    escape,
    join,
    split_text,
    tilde_after_colons,
)
from parity.shell.parameter import REFERENCE, ExpansionError, Found, find, trim
from parity.shell.quoting import end_of_quoted
from parity.shell.state import UNTOLD, State, Value
from parity.shell.word import Word
from parity.tree.base import FileTree

DEEPEST = 30


class Expander(Struct, frozen=True):
    """Expands words for one moment of a shell.

    `dialect`     whose expansions
    `may_be_set`  unset variables may get a value when the container starts
    `substitute`  the output of `$(...)`; not a text where it cannot be told
    `stream`      the path of what `<(...)` prints
    """

    state: State
    files: FileTree
    dialect: Dialect
    may_be_set: bool
    substitute: Callable[[str], str | Unknown | None]
    stream: Callable[[str], str]

    def fields(self, word: str) -> list[Word]:
        """Any number of words. Raises ExpansionError where the shell would give up."""
        done: list[Word] = []
        texts = expand_braces(word) if self.dialect is Dialect.BASH and "{" in word else [word]
        if texts is None:
            return [Word(None)]
        for text in texts:
            for field in self.split(self.pieces(text, False, 0)):
                done.extend(self.paths(field))
            if len(done) > MOST_FIELDS:
                return [Word(None)]
        return done

    def single(self, word: str) -> Word:
        """One word: no field splitting, no file names (assignments, `case` words, redirects)."""
        return join(self.pieces(word, False, 0))

    def value(self, word: str) -> Value:
        """The right side of an assignment."""
        word = tilde_after_colons(word)
        found = self.single(word)
        return Value((found.text,), depends_on=found.depends_on)

    def pattern(self, word: str) -> Word:
        """As `single`, with a backslash before each quoted character."""
        return join(self.escaped(self.pieces(word, False, 0)))

    def body(self, text: str) -> str | None:
        """A heredoc's body: `$` and backquotes are expanded, quotes are plain text."""
        return join(self.pieces(text, True, 0, heredoc=True)).text

    def escaped(self, pieces: Iterable[Piece]) -> list[Piece]:
        return [replace(p, text=escape(p.text)) if p.quoted and p.text else p for p in pieces]

    # Scanning

    def pieces(self, text: str, quoted: bool, depth: int, *, heredoc: bool = False) -> list[Piece]:
        """`quoted`: inside double quotes."""
        if depth > DEEPEST:
            return [Piece(None, quoted)]
        done: list[Piece] = []
        plain: list[str] = []

        def flush() -> None:
            if plain:
                done.append(Piece("".join(plain), quoted))
                plain.clear()

        at = 0
        if not quoted and text.startswith("~"):
            end = next((i for i, c in enumerate(text) if c == "/"), len(text))
            if end == 1 or text[1:end].isidentifier():
                done.append(self.home(text[1:end]))
                at = end
        while at < len(text):
            char = text[at]
            end = at + 1
            if char == "\\":
                end = min(at + 2, len(text))
                following = text[at + 1 : end]
                if following == "\n":
                    pass
                elif not quoted:
                    flush()
                    done.append(Piece(following or "\\", True))
                elif following in '$`\\"' and following and not (heredoc and following == '"'):
                    plain.append(following)
                else:
                    plain.append(char + following)
            elif char == "'" and not quoted:
                flush()
                end = end_of_quoted(text, at)
                done.append(Piece(text[at + 1 : end - 1], True))
            elif char == '"' and not heredoc:
                flush()
                end = end_of_quoted(text, at)
                inner = self.pieces(text[at + 1 : end - 1], True, depth + 1)
                done.extend(inner or ([] if "@" in text[at:end] else [Piece("", True)]))
            elif char == "`":
                flush()
                end = end_of_quoted(text, at)
                code = text[at + 1 : end - 1]
                for escaped in ("\\\\", "\\`", "\\$"):
                    code = code.replace(escaped, escaped[1])
                done.append(self.output(code, quoted))
            elif char in "<>" and self.has("<()") and not quoted and text.startswith("(", end):
                flush()
                end = end_of_quoted(f"{text[:at]}${text[end:]}", at)
                path = self.stream(text[at + 2 : end - 1]) if char == "<" else None
                done.append(Piece(path, True))
            elif char == "$":
                end = self.end_of_dollar(text, at)
                if end == at + 1:
                    if self.has("$''") and not quoted and text[end : end + 1] in ("'", '"') and not heredoc:
                        flush()
                        start, end = end, end_of_quoted(text, end)
                        if text[start] == "'":
                            end = end_of_ansi(text, start)
                            done.append(Piece(decode_ansi_c(text[start + 1 : end - 1]), True))
                        else:
                            done.extend(self.pieces(text[start:end], quoted, depth + 1))
                    elif self.dialect is Dialect.BASH and text.startswith("[", end):
                        flush()
                        done.append(Piece(None, quoted))  # the old form of arithmetic
                    else:
                        plain.append("$")
                else:
                    flush()
                    done.extend(self.dollar(text[at:end], quoted, depth))
            else:
                plain.append(char)
            at = end
        flush()
        return done

    def has(self, part: str) -> bool:
        """Taken as bash's where it cannot be told."""
        return not self.dialect.lacks(part)

    def need(self, part: str) -> None:
        """Raises ExpansionError where the shell has no such expansion."""
        if self.dialect.lacks(part):
            raise ExpansionError("bad substitution")

    def home(self, user: str) -> Piece:
        if user:
            return Piece("/root" if user == "root" else None, True)
        value = find(self.state, "HOME", False).value
        return Piece(value.text if value else None, True)

    def end_of_dollar(self, text: str, at: int) -> int:
        following = text[at + 1 : at + 2]
        if following in ("{", "("):
            return end_of_quoted(text, at)
        if following.isascii() and (following.isalpha() or following == "_"):
            end = at + 1
            while end < len(text) and text[end].isascii() and (text[end].isalnum() or text[end] == "_"):
                end += 1
            return end
        return at + 2 if following and following in "0123456789@*#?$!-" else at + 1

    def output(self, code: str, quoted: bool) -> Piece:
        """`$(code)`"""
        told = self.substitute(code)
        if isinstance(told, Unknown):
            return Piece(None, quoted, not quoted, told=told)
        return Piece(told, quoted, not quoted)

    def dollar(self, text: str, quoted: bool, depth: int) -> list[Piece]:
        """One `$...` construct."""
        if text.startswith("$(("):
            return [Piece(None, quoted, not quoted)]
        if text.startswith("$("):
            return [self.output(text[2:-1], quoted)]
        if not text.startswith("${"):
            return self.reference(text[1:], None, "", "", quoted, depth)
        body = text[2:-1] if text.endswith("}") else ""
        if body.startswith("#") and (found := REFERENCE.fullmatch(body, 1)):
            return [self.length(found["name"], found["index"], quoted)]
        if body.startswith("!") and len(body) > 1:
            self.need("${!A}")
        if body.startswith("!") and (found := REFERENCE.fullmatch(body, 1)):
            value = self.find(found["name"]).value
            name = value.text if value else ""
            if name is None or not REFERENCE.fullmatch(name):
                return [Piece(None, quoted, not quoted)]
            return self.reference(name, None, "", "", quoted, depth)
        found = REFERENCE.match(body)
        if not found:
            raise ExpansionError("bad substitution")
        rest = body[found.end() :]
        size = next((n for n in (2, 1) if rest[:n] in _OPERATORS), 0)
        if rest and not size:
            raise ExpansionError("bad substitution")
        for part, operators in _OF_BASH.items():
            if rest[:size] in operators:
                self.need(part)
        if found["index"] is not None:
            self.need("${A[0]}")
        return self.reference(found["name"], found["index"], rest[:size], rest[size:], quoted, depth)

    # Parameters

    def find(self, name: str) -> Found:
        return find(self.state, name, self.may_be_set)

    def length(self, name: str, index: str | None, quoted: bool) -> Piece:
        if name in "@*":
            name, index = "#", None
            value = self.find("#").value
            return Piece(value.text if value else None, quoted, not quoted)
        found = self.find(name)
        if index is not None and index in "@*":
            count = len(found.value.parts) if found.value and found.value != UNTOLD else None
            return Piece(str(count) if count is not None else None, quoted, not quoted)
        if found.value is None:
            depends = frozenset((name,)) if found.open else NOBODY
            return Piece("0", quoted, not quoted, depends_on=depends)
        text = found.value.text
        return Piece(None if text is None else str(len(text)), quoted, not quoted)

    def reference(
        self, name: str, index: str | None, operator: str, word: str, quoted: bool, depth: int
    ) -> list[Piece]:
        """`$name`, `${name[index]operator word}`."""
        every = name in ("@", "*") or (index is not None and index in ("@", "*"))
        if every:
            found = self.arguments() if name in "@*" else self.find(name)
            if not operator or operator[0] not in ":-+=?":
                star = name == "*" or index == "*"
                return (
                    self.all_parts(found, star, quoted) if not operator else [Piece(None, quoted, not quoted)]
                )
        else:
            found = self.find(name)
            if index is not None:
                found = _element(found, index)
        depends = frozenset((name,)) if found.open else NOBODY
        if found.value is not None:
            depends = depends | found.value.depends_on
        text = found.value.text if found.value is not None else ""
        if every and found.value is not None:
            text = None if None in found.value.parts else " ".join(str(p) for p in found.value.parts)
        if operator in _DEFAULTS:
            absent = found.value is None
            if text is None:
                missing: bool | None = None
            else:
                missing = absent or (operator.startswith(":") and not text)
            kind = operator[-1]
            if missing is None:
                return [Piece(None, quoted, not quoted, depends_on=depends)]
            if missing if kind != "+" else not missing:
                return self.otherwise(name, kind, word, quoted, depth, depends, found)
            if kind == "+":
                return [Piece("", quoted, not quoted, depends_on=depends, blank=depends)]
            if every:
                return self.all_parts(found, name == "*", quoted)
            return [Piece(text, quoted, not quoted, depends_on=depends)]
        if found.value is None:
            if self.state.nounset and not every:
                if not found.open:
                    raise ExpansionError(f"{name}: parameter not set")
                return [Piece(None, quoted, not quoted, depends_on=depends, blank=depends)]
            return [Piece("", quoted, not quoted, depends_on=depends, blank=depends)]
        if operator:
            text = self.modified(text, operator, word, depth)
        return [Piece(text, quoted, not quoted, depends_on=depends)]

    def otherwise(
        self, name: str, kind: str, word: str, quoted: bool, depth: int, depends: frozenset[str], found: Found
    ) -> list[Piece]:
        """The word after `-`, `=`, `?` or `+` takes the value's place."""
        if kind == "?":
            if found.open:
                return [Piece(None, quoted, not quoted, depends_on=depends, blank=depends)]
            raise ExpansionError(f"{name}: parameter not set")
        inner = [replace(p, depends_on=p.depends_on | depends) for p in self.pieces(word, quoted, depth + 1)]
        if kind == "=":
            joined = join(inner)
            if name[0].isalpha() or name[0] == "_":
                self.state.assign(name, Value((joined.text,), depends_on=joined.depends_on))
            return [Piece(joined.text, quoted, not quoted, depends_on=joined.depends_on)]
        if not inner:
            return [Piece("", quoted, not quoted, depends_on=depends)]
        return [p if p.quoted else replace(p, split=True) for p in inner]

    def arguments(self) -> Found:
        if self.state.arguments is None:
            return Found(UNTOLD)
        return Found(Value(self.state.arguments, array=True) if self.state.arguments else None)

    def all_parts(self, found: Found, star: bool, quoted: bool) -> list[Piece]:
        """`$@`, `$*`, `${array[@]}`: each part a field; quoted `$*`: one."""
        if found.value == UNTOLD:
            return [Piece(None, False, True)]
        parts = found.value.parts if found.value else ()
        separators = self.state.variables.get("IFS", Value((" \t\n",))).text
        if star and quoted:
            if None in parts or separators is None:
                return [Piece(None, True)]
            return [Piece(separators[:1].join(str(part) for part in parts), True)]
        done: list[Piece] = []
        for part in parts:
            if done:
                done.append(Piece("", edge=True))
            done.append(Piece(part, quoted, not quoted))
        return done

    def modified(self, text: str | None, operator: str, word: str, depth: int) -> str | None:
        """`#`, `%` of POSIX; of bash's own the plain cases."""
        if operator in ("#", "##", "%", "%%"):
            pattern = join(self.escaped(self.pieces(word, False, depth + 1))).text
            return None if text is None or pattern is None else trim(text, compile_pattern(pattern), operator)
        if text is None or self.dialect is Dialect.SH:
            return None
        if operator in ("/", "//"):
            cut = word.find("/")
            old = join(self.escaped(self.pieces(word[:cut] if cut >= 0 else word, False, depth + 1))).text
            new = join(self.pieces(word[cut + 1 :] if cut >= 0 else "", False, depth + 1)).text
            if not old or new is None or old[0] in "#%" or not is_plain(compile_pattern(old)):
                return None
            plain = "".join(part for part in compile_pattern(old) if isinstance(part, str))
            return text.replace(plain, new, -1 if operator == "//" else 1)
        if operator in ("^^", ",,") and not word:
            return text.upper() if operator == "^^" else text.lower()
        if operator in ("^", ",") and not word:
            return (text[:1].upper() if operator == "^" else text[:1].lower()) + text[1:]
        return None

    # Fields

    def split(self, pieces: list[Piece]) -> list[list[Piece]]:
        """Field splitting (POSIX 2.6.5) of what came out of unquoted expansions."""
        separators = self.state.variables.get("IFS", Value((" \t\n",))).text
        fields: list[list[Piece]] = [[]]
        for piece in pieces:
            if piece.edge:
                fields.append([])
            elif not piece.split or piece.text is None:
                fields[-1].append(piece)
            elif separators is None:
                fields[-1].append(replace(piece, text=None))
            else:
                parts = split_text(piece.text, separators)
                if not piece.text:
                    fields[-1].append(piece)
                for number, part in enumerate(parts):
                    if number:
                        fields.append([])
                    if part:
                        fields[-1].append(replace(piece, text=part))
        return fields

    def paths(self, field: list[Piece]) -> list[Word]:
        """A field as it stands, or the files that it names as a pattern."""
        word = join(field)
        if word.text is None:
            return [word]
        if not word.text and not any(piece.quoted for piece in field):
            return [replace(word, text=None, vanished=True)] if word.blank else []
        pattern = join(self.escaped(field)).text or ""
        magic = any(not p.quoted and p.text and any(c in p.text for c in "*?[") for p in field)
        if self.state.noglob or not magic or is_plain(compile_pattern(pattern)):
            return [word]
        names = glob(self.files, self.state.working_directory, pattern)
        if names.paths:
            return [replace(word, text=path) for path in names.paths]
        if names.complete:
            return [word]
        stem = pattern[: min((i for i, c in enumerate(pattern) if c in "*?[\\"), default=0)]
        return [Word(None, stem, word.depends_on, word.blank, unlisted=True)]


_DEFAULTS = frozenset((":-", "-", ":=", "=", ":?", "?", ":+", "+"))
_OF_BASH = {
    "${A:0}": frozenset((":",)),
    "${A/}": frozenset(("/", "//")),
    "${A^}": frozenset(("^", "^^", ",", ",,", "@")),
}
_OPERATORS = _DEFAULTS | {"#", "##", "%", "%%", "/", "//", "^", "^^", ",", ",,", ":", "@"}


def _element(found: Found, index: str) -> Found:
    """`${array[index]}` with a plain number; anything else cannot be told."""
    if found.value is None or found.value == UNTOLD:
        return found
    if not (index.isascii() and index.isdigit() and len(index) < 6):
        return Found(UNTOLD)
    if int(index) >= len(found.value.parts):
        return Found(None)
    return Found(Value((found.value.parts[int(index)],), depends_on=found.value.depends_on))
