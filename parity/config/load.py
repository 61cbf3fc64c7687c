"""What does `[tool.parity]` of pyproject.toml, or parity.toml, say?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from msgspec import Struct, field

from parity.config.keys import BASE, BASES, IMAGE, IMAGES, TOP, Key, Kind, Value
from parity.config.sound import is_command, is_platform, is_version
from parity.model.errors import ParityError
from parity.model.location import Location, Unknown
from parity.model.report import Note
from parity.tree import toml
from parity.tree.base import Absent
from parity.tree.reader import LARGEST_SETTINGS, decoded, read_file, repository_of

Table: TypeAlias = Mapping[str, object]
PYPROJECT = "pyproject.toml"
_HEAD = re.compile(r"\s*\[\[?\s*([^\[\]#]+?)\s*\]")
NOWHERE: Mapping[str, Location] = MappingProxyType({})


class Keys(Struct, frozen=True):
    """The keys of one table as written; every value has the shape that `keys.py` says.

    `table`: where the table stands, None where no configuration has it; `places`: where each key does.
    """

    given: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    table: Location | None = None
    places: Mapping[str, Location] = NOWHERE

    def place(self, name: str) -> Location | None:
        """The line of a key, else of its table."""
        return self.places.get(name, self.table)

    def text(self, name: str) -> str | None:
        value = self.given.get(name)
        return value if isinstance(value, str) else None

    def words(self, name: str) -> tuple[str, ...]:
        value = self.given.get(name)
        return tuple(value) if isinstance(value, list) else ()

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        value = self.given.get(name)
        table = value.items() if isinstance(value, dict) else ()
        return tuple((key, text) for key, text in table if isinstance(text, str))

    def lists(self, name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        value = self.given.get(name)
        table = value.items() if isinstance(value, dict) else ()
        return tuple((key, tuple(words)) for key, words in table if isinstance(words, list))


class Configuration(Struct, frozen=True):
    """`file`: its name below the project root, "" where there is none; `notes`: files that could not be read."""

    file: str = ""
    top: Keys = field(default_factory=Keys)
    images: tuple[Keys, ...] = ()
    bases: Mapping[str, Keys] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[Note, ...] = ()


def load(root: Path, named: Path | None) -> Configuration:
    """From the file named with --config, else parity.toml, else pyproject.toml. Raises ParityError."""
    if named is not None:
        data = read_file(named, str(named), largest=LARGEST_SETTINGS)
        if isinstance(data, Absent):
            raise ParityError(
                f"there is no configuration file {named}", hint="parity init writes parity.toml"
            )
        if isinstance(data, Unknown):
            raise ParityError(data.reason, hint="name a TOML file with --config")
        own = _configuration(data, str(named), judge=True)
        return Configuration() if own is None else own
    within = repository_of(root)
    data = read_file(root / "parity.toml", "parity.toml", largest=LARGEST_SETTINGS, within=within)
    if isinstance(data, Unknown):
        raise ParityError(data.reason)
    if isinstance(data, bytes):
        return _configuration(data, "parity.toml", judge=True) or Configuration()
    data = read_file(root / PYPROJECT, PYPROJECT, largest=LARGEST_SETTINGS, within=within)
    if isinstance(data, Absent):
        return Configuration()
    if isinstance(data, Unknown):  # nothing says that it speaks to us
        return Configuration(notes=(Note(f"{data.reason}; is [tool.parity] in it?", Location(PYPROJECT)),))
    return _configuration(data, PYPROJECT, judge=b"tool.parity" in data) or Configuration()


def _configuration(data: bytes, shown: str, *, judge: bool) -> Configuration | None:
    """None where nothing is said to us. `judge`: a file that is no TOML is an error, not a file of others."""
    try:
        text = decoded(data, shown)
        table: Table = toml.parsed(text)
    except ParityError:
        if judge:
            raise
        return None
    except toml.NotTomlError as error:
        if judge:
            raise ParityError(
                f"this is not valid TOML: {error.reason}", Location(shown, error.line)
            ) from None
        return None
    if not shown.endswith(PYPROJECT):
        return _Reader(shown, text).configuration(table)
    tool = table.get("tool")
    ours = tool.get("parity") if isinstance(tool, dict) else None
    if ours is None:
        return None
    reader = _Reader(shown, text)
    if not isinstance(ours, dict):
        raise reader.wrong("parity", "parity is a table", "write [tool.parity]")
    return reader.configuration(ours)


class _Reader:
    """Checks a table against the keys, and says where in the file it is wrong."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = text.split("\n")
        self.whole = range(1, len(self.lines) + 1)
        self.spans = list(self._spans())

    def configuration(self, table: Table) -> Configuration:
        top = {name: value for name, value in table.items() if name not in (IMAGES, BASES)}
        images, bases = table.get(IMAGES, []), table.get(BASES, {})
        if not isinstance(images, list):
            raise self.wrong(IMAGES, f"{IMAGES} are tables", f"write [[{self.prefix}{IMAGES}]]")
        if not isinstance(bases, dict):
            raise self.wrong(BASES, f"{BASES} is a table", f'write [{self.prefix}{BASES}."NAME"]')
        of_images = [span for name, span in self.spans if name == IMAGES]
        of_bases = {name.removeprefix(f"{BASES}."): span for name, span in self.spans}
        inline = self.line(IMAGES, self.whole), self.line(BASES, self.whole)
        return Configuration(
            self.file,
            self.table(top, TOP, self.span_of_top(), (IMAGES, BASES)),
            tuple(
                self.image(table, of_images[at] if at < len(of_images) else _one(inline[0]))
                for at, table in enumerate(images)
            ),
            {
                name: self.base(name, table, of_bases.get(name, _one(inline[1])))
                for name, table in bases.items()
            },
        )

    @property
    def prefix(self) -> str:
        return "tool.parity." if self.file.endswith(PYPROJECT) else ""

    def image(self, table: object, span: range) -> Keys:
        keys = self.table(table, IMAGE, span)
        if not keys.text("dockerfile"):
            message = f"an image of [[{self.prefix}{IMAGES}]] has no dockerfile"
            raise ParityError(message, keys.table, 'write dockerfile = "Dockerfile"')
        return keys

    def base(self, name: str, table: object, span: range) -> Keys:
        keys = self.table(table, BASE, span)
        if not keys.given:
            raise ParityError(f"nothing is said about the base image {name}", keys.table)
        return keys

    def table(self, table: object, keys: tuple[Key, ...], span: range, more: tuple[str, ...] = ()) -> Keys:
        if not isinstance(table, dict):
            raise ParityError("a table is expected", Location(self.file, span.start))
        known = {key.name: key for key in keys}
        for name in table:
            if name not in known:
                near = get_close_matches(name, [*known, *more], 1, 0.5)
                hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join([*known, *more])}"
                raise self.wrong(name, f"there is no key {name}", hint, span)
        return Keys(
            {name: self.value(known[name], value, span) for name, value in table.items()},
            Location(self.file, span.start),
            {name: Location(self.file, self.line(name, span)) for name in table},
        )

    def value(self, key: Key, value: object, span: range) -> Value:
        match key.kind, value:
            case ((Kind.TEXT | Kind.COMMAND), str()):
                if not value.strip() and not key.may_be_empty:
                    raise self.wrong(
                        key.name, f"{key.name} is empty", "leave it out, or give it a value", span
                    )
                self.chosen(key, key.name, value, span)
                if key.name == "python" and not is_version(value):
                    raise self.wrong(
                        key.name, f"{value!r} is not a version of Python 3", "write it like 3.12", span
                    )
                if key.name == "platform" and not is_platform(value):
                    raise self.wrong(
                        key.name, f"{value!r} is not a platform", "write it like linux/amd64", span
                    )
                if key.kind is Kind.COMMAND and not is_command(value):
                    hint = 'write it as for a shell, or as a list of words, like ["python", "main.py"]'
                    raise self.wrong(key.name, f"{value!r} is not a command", hint, span)
                return value
            case ((Kind.WORDS | Kind.COMMAND), list()) if all(isinstance(word, str) for word in value):
                return [str(word) for word in value]
            case Kind.PAIRS, dict() if all(isinstance(word, str) for word in value.values()):
                for name, word in value.items():
                    self.chosen(key, name, word, span)
                return {name: str(word) for name, word in value.items()}
            case Kind.LISTS, dict() if all(_is_words(words) for words in value.values()):
                return {name: [str(word) for word in words] for name, words in value.items()}
        raise self.wrong(key.name, f"{key.name} must be {key.kind.value}", span=span)

    def chosen(self, key: Key, name: str, value: str, span: range) -> None:
        """Raises ParityError for a value that is none of the choices."""
        if key.choices and value not in key.choices:
            near = get_close_matches(value, key.choices, 1)
            hint = f"did you mean {near[0]}?" if near else ""
            raise self.wrong(name, f"{name} must be one of {', '.join(key.choices)}", hint, span)

    def wrong(self, name: str, message: str, hint: str = "", span: range | None = None) -> ParityError:
        line = self.line(name, span or self.whole)
        return ParityError(message, Location(self.file, line), hint)

    def line(self, name: str, span: range) -> int:
        """The first line of the span that names the key; the span's own where none does."""
        escaped = re.escape(name)
        pattern = re.compile(rf"\s*[\"']?{escaped}[\"']?\s*=|\s*\[.*\b{escaped}\b|.*[.{{,]\s*{escaped}\s*=")
        number = next((number for number in span if pattern.match(self.lines[number - 1])), 0)
        return number or next((part.start for head, part in self.spans if head == name), span.start)

    def _spans(self) -> Iterator[tuple[str, range]]:
        """The lines below each head, with its name: those of `[images.build-args]` belong to `[[images]]`, too."""
        open_name, start = "", 1
        for number, line in enumerate(self.lines, 1):
            head = _HEAD.match(line)
            name = head[1].removeprefix(self.prefix) if head else ""
            if head and not (open_name and name.startswith(f"{open_name}.")):
                yield open_name, range(start, number)
                open_name, start = name.replace('"', "").replace("'", ""), number
        yield open_name, range(start, len(self.lines) + 1)

    def span_of_top(self) -> range:
        name = "tool.parity" if self.prefix else ""
        return next((span for head, span in self.spans if head == name and span), self.whole)


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _one(line: int) -> range:
    return range(line, line + 1)
