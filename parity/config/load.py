"""What does `[tool.parity]` of pyproject.toml, or parity.toml, say?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from msgspec import Struct, field

from parity.config.keys import BASE, BASES, IMAGE, IMAGES, TOP, Key, Kind, Value
from parity.config.sound import is_platform, is_version
from parity.model.errors import ParityError
from parity.model.location import Location

Table: TypeAlias = Mapping[str, object]


class Keys(Struct, frozen=True):
    """The keys of one table as written; every value has the shape that `keys.py` says."""

    given: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))

    def text(self, name: str) -> str | None:
        value = self.given.get(name)
        return value if isinstance(value, str) else None

    def words(self, name: str) -> tuple[str, ...]:
        value = self.given.get(name)
        return tuple(value) if isinstance(value, list) else ()

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        value = self.given.get(name)
        return tuple(value.items()) if isinstance(value, dict) else ()


class Configuration(Struct, frozen=True):
    """`file`: its name below the project root, "" where there is none."""

    file: str = ""
    top: Keys = field(default_factory=Keys)
    images: tuple[Keys, ...] = ()
    bases: Mapping[str, Keys] = field(default_factory=lambda: MappingProxyType({}))


def load(root: Path, named: Path | None) -> Configuration:
    """From the file named with --config, else parity.toml, else pyproject.toml. Raises ParityError."""
    if named is not None:
        found = _read(named, str(named), required=True)
        return Configuration() if found is None else found
    for name in ("parity.toml", "pyproject.toml"):
        found = _read(root / name, name, required=False)
        if found is not None:
            return found
    return Configuration()


def _read(file: Path, shown: str, *, required: bool) -> Configuration | None:
    try:
        text = file.read_bytes().decode("utf8")
    except FileNotFoundError:
        if required:
            raise ParityError(
                f"there is no configuration file {shown}", hint="parity init writes parity.toml"
            ) from None
        return None
    except OSError as error:
        raise ParityError(f"{shown} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ParityError(f"this is no UTF-8: {error}", Location(shown)) from None
    try:
        table: Table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        if not required and file.name == "pyproject.toml" and "tool.parity" not in text:
            return None  # it is not for us to judge a file that does not speak to us
        raise ParityError(f"this is no valid TOML: {error}", Location(shown, _line(error))) from None
    if file.name == "pyproject.toml":
        tool = table.get("tool")
        ours = tool.get("parity") if isinstance(tool, dict) else None
        if not isinstance(ours, dict):
            return None
        table = ours
    return _Reader(shown, text).configuration(table)


def _line(error: Exception) -> int:
    """Tomllib says "(at line 3, column 1)", and from Python 3.14 on in attributes, too."""
    found = re.search(r"\(at line (\d+)", str(error))
    return int(found[1]) if found else 0


class _Reader:
    """Checks a table against the keys, and says where in the file it is wrong."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = text.split("\n")

    def configuration(self, table: Table) -> Configuration:
        top = {name: value for name, value in table.items() if name not in (IMAGES, BASES)}
        images, bases = table.get(IMAGES, []), table.get(BASES, {})
        if not isinstance(images, list):
            raise self.wrong(IMAGES, f"{IMAGES} are tables: write [[{self.prefix}{IMAGES}]]")
        if not isinstance(bases, dict):
            raise self.wrong(BASES, f'{BASES} is a table: write [{self.prefix}{BASES}."NAME"]')
        return Configuration(
            self.file,
            self.table(top, TOP, (IMAGES, BASES)),
            tuple(self.image(one) for one in images),
            {name: self.base(name, one) for name, one in bases.items()},
        )

    @property
    def prefix(self) -> str:
        return "tool.parity." if self.file.endswith("pyproject.toml") else ""

    def image(self, table: object) -> Keys:
        keys = self.table(table, IMAGE)
        if keys.text("dockerfile") is None:
            raise self.wrong(IMAGES, f"an image of [[{self.prefix}{IMAGES}]] has no dockerfile")
        return keys

    def base(self, name: str, table: object) -> Keys:
        keys = self.table(table, BASE)
        if not keys.given:
            raise self.wrong(name, f"nothing is said of the base image {name}")
        return keys

    def table(self, table: object, keys: tuple[Key, ...], more: tuple[str, ...] = ()) -> Keys:
        if not isinstance(table, dict):
            raise ParityError("a table is expected", Location(self.file))
        known = {key.name: key for key in keys}
        for name in table:
            if name not in known:
                near = get_close_matches(name, [*known, *more], 1, 0.5)
                hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join([*known, *more])}"
                raise self.wrong(name, f"there is no key {name}", hint)
        return Keys({name: self.value(known[name], value) for name, value in table.items()})

    def value(self, key: Key, value: object) -> Value:
        match key.kind, value:
            case ((Kind.TEXT | Kind.COMMAND), str()):
                if key.choices and value not in key.choices:
                    near = get_close_matches(value, key.choices, 1)
                    hint = f"did you mean {near[0]}?" if near else ""
                    raise self.wrong(key.name, f"{key.name} is one of {', '.join(key.choices)}", hint)
                if key.name == "python" and not is_version(value):
                    raise self.wrong(key.name, f"{value!r} is no version of Python 3", "write it like 3.12")
                if key.name == "platform" and not is_platform(value):
                    raise self.wrong(key.name, f"{value!r} is no platform", "write it like linux/amd64")
                return value
            case ((Kind.WORDS | Kind.COMMAND), list()) if all(isinstance(word, str) for word in value):
                return [str(word) for word in value]
            case Kind.PAIRS, dict() if all(isinstance(word, str) for word in value.values()):
                return {name: str(word) for name, word in value.items()}
        raise self.wrong(key.name, f"{key.name} must be {key.kind.value}")

    def wrong(self, name: str, message: str, hint: str = "") -> ParityError:
        pattern = re.compile(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=|\s*\[.*\b{re.escape(name)}\b")
        line = next((number for number, text in enumerate(self.lines, 1) if pattern.match(text)), 0)
        return ParityError(message, Location(self.file, line), hint)
