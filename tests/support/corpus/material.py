"""What hostile inputs are made of: the files of a project, odd text, sizes, and changes to valid files."""

from __future__ import annotations

import json
import math
import os
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

LARGEST = 400_000
"""Bytes of one file that is made by repetition."""


@dataclass(frozen=True)
class Link:
    target: str


@dataclass(frozen=True)
class Fifo:
    pass


@dataclass(frozen=True)
class Socket:
    pass


@dataclass(frozen=True)
class Folder:
    pass


@dataclass(frozen=True)
class Sparse:
    size: int


@dataclass(frozen=True)
class Closed:
    """A file, or a folder where it has no content, with this mode."""

    mode: int
    content: str | None = None


Content = str | bytes | Link | Fifo | Socket | Folder | Sparse | Closed
Files = Mapping[str, Content]


@dataclass(frozen=True)
class Input:
    """`name` says which template made it; `arguments` go to `parity check`."""

    name: str
    files: Files
    arguments: tuple[str, ...] = ()
    quiet: bool = False
    """May hide the findings of other images: it is a configuration that says so."""


Template = Callable[[Random], Input]

ODD = (
    "\x1b[2J\x1b]0;owned\x07",
    "\u202egnp.exe",
    "\x9b31m",
    "\0",
    "\ufeff",
    "\r",
    "\r\n",
    "\u2028",
    "\t",
    "\x85",
    "\ud800",
    "\udcff",
    "é日本\u0301",
    "😀",
    "'",
    '"',
    "`",
    "\\",
    "$(",
    "${",
    "}}",
    "{{",
    "*" * 50,
    "a" * 5_000,
    "../" * 40,
    "/" * 300,
    "%s%n%d",
    "::error::x",
    "<script>alert(1)</script>",
    "]]>",
    "-->",
    "--",
    "-",
    "~",
    "!",
    "#",
    "<<EOF",
    "&a",
    "*a",
    "9" * 5_000,
    "1e999",
    "-1",
    "nan",
    "0x",
    "null",
    "",
    " ",
    ".",
    "..",
    "\n",
)
VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1 << 80,
    1e308,
    "",
    [],
    {},
    [[]],
    [{}],
    {"": {}},
    [None],
    ["a", 1],
    *ODD,
)


def encoded(text: str) -> bytes:
    """With lone surrogates as they are: bytes that are no UTF-8."""
    return text.encode("utf8", "surrogatepass")


def size(random: Random, most: int) -> int:
    """From 1 to `most`, each order of magnitude as often as the others."""
    return max(1, min(most, round(math.exp(random.uniform(0, math.log(most + 1))))))


def nested(before: str, inner: str, after: str, times: int) -> str:
    return before * times + inner + after * times


def repeated(random: Random, text: str, most: int = 20_000) -> str:
    return text * min(size(random, most), max(1, LARGEST // max(1, len(text))))


def mutated(random: Random, data: bytes) -> bytes:
    """A few changes, as a careless editor, a bad disk or an attacker would make them."""
    for _ in range(size(random, 8)):
        at, to = sorted((random.randint(0, len(data)), random.randint(0, len(data))))
        piece = data[at : min(to, at + 200)]
        lines = data.split(b"\n")
        match random.randrange(13):
            case 0:
                data = data[:at] + data[min(to, at + 50) :]
            case 1:
                data = data[:at] + piece * min(size(random, 10_000), LARGEST // (len(piece) + 1)) + data[at:]
            case 2:
                data = data[:at] + encoded(random.choice(ODD)) + data[at:]
            case 3:
                random.shuffle(lines)
                data = b"\n".join(lines)
            case 4:
                line = random.choice(lines)
                times = min(size(random, 10_000), LARGEST // (len(line) + 1))
                data = data + b"\n" + b"\n".join([line] * times)
            case 5:
                data = data[:at]
            case 6:
                data = data.replace(b"\n", random.choice((b"\r\n", b"\r", b"\\\n", b"\x0b", b"\n\n", b" ")))
            case 7:
                data = random.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) + data
            case 8:
                data = data[:at] + bytes(random.randrange(256) for _ in range(size(random, 200))) + data[at:]
            case 9:
                old, new = random.choice(b"'\"()[]{}=:,\\$#\n \t"), random.choice(b"'\"()[]{}=:,\\$#\n \t")
                data = data.replace(bytes([old]), bytes([new]), random.choice((1, 3, -1)))
            case 10:
                words = data.split()
                if len(words) > 1:
                    data = data.replace(random.choice(words), random.choice(words))
            case 11:
                line = random.choice(lines)
                data = data.replace(line, random.choice((b"  ", b"\t")) + line)
            case _:
                data = data.replace(b"\n", b"", 1)
        data = data[:LARGEST]
    return data


def with_odd_values(random: Random, value: Any, some: Sequence[Any] = VALUES) -> Any:
    """A copy of nested lists and dictionaries in which a few values are others, gone, or there many times."""
    value = json.loads(json.dumps(value))
    for _ in range(size(random, 4)):
        holder, key = _place(random, value)
        match random.randrange(7):
            case 0 if isinstance(holder, dict):
                holder[random.choice(ODD)] = holder[key]
            case 1 if isinstance(holder, dict):
                del holder[key]
            case 2 if isinstance(holder, list):
                holder.extend([holder[key]] * size(random, 2_000))
            case 3:
                deep: Any = holder[key]
                for _ in range(size(random, 200)):
                    deep = random.choice(([deep], {"a": deep}))
                holder[key] = deep
            case 4 if isinstance(holder[key], str):
                holder[key] = holder[key] + random.choice(ODD)
            case 5 if isinstance(holder[key], str):
                holder[key] = holder[key] * min(size(random, 5_000), LARGEST // (len(holder[key]) + 1))
            case _:
                holder[key] = random.choice(some)
        if not value:
            return value
    return value


def _place(random: Random, value: Any) -> tuple[Any, Any]:
    """A container in a nested value, and a key or an index of it."""
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = random.choice(keys)
        inner = value[key]
        if not isinstance(inner, dict | list) or not inner or random.random() < 0.2:
            return value, key
        value = inner


def as_toml(value: Any) -> str:
    """A dictionary in TOML: a table for each top key that holds one, everything below in one line."""
    plain = {key: inner for key, inner in value.items() if not _is_table(inner)}
    lines = [f"{_toml(key)} = {_toml(inner)}" for key, inner in plain.items() if inner is not None]
    for key, inner in value.items():
        if isinstance(inner, dict) and inner:
            lines.append(f"[{_toml(key)}]")
            lines += [f"{_toml(name)} = {_toml(item)}" for name, item in inner.items() if item is not None]
        elif _is_table(inner):
            for table in inner:
                lines.append(f"[[{_toml(key)}]]")
                lines += [
                    f"{_toml(name)} = {_toml(item)}" for name, item in table.items() if item is not None
                ]
    return "\n".join(lines) + "\n"


def _is_table(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) for item in value)
    return isinstance(value, dict) and bool(value)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{_toml(key)} = {_toml(item)}" for key, item in value.items() if item is not None)
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value if item is not None) + "]"
    if isinstance(value, str):
        return json.dumps(value)
    return json.dumps(value)


def lay_out(files: Files, root: Path) -> None:
    """Writes the files; the modes last, so that what lies in a closed folder gets there."""
    closed: list[tuple[bytes, int]] = []
    for name, content in files.items():
        path = os.path.join(os.fsencode(root), encoded(name))
        os.makedirs(path if content == Folder() else os.path.dirname(path), exist_ok=True)
        match content:
            case Link(target):
                os.symlink(os.fsencode(target), path)
            case Fifo():
                os.mkfifo(path)
            case Socket():
                with socket.socket(socket.AF_UNIX) as bound:
                    _bind(bound, path)
            case Sparse(length):
                with open(path, "wb") as file:
                    file.truncate(length)
            case Closed(mode, text):
                if text is None:
                    os.makedirs(path, exist_ok=True)
                else:
                    _write(path, encoded(text))
                closed.append((path, mode))
            case str():
                _write(path, encoded(content))
            case bytes():
                _write(path, content)
    for path, mode in closed:
        os.chmod(path, mode)


def _bind(bound: socket.socket, path: bytes) -> None:
    """By its name in its folder: the whole path of a socket may be no longer than 108 bytes."""
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(os.path.dirname(path))
        bound.bind(os.path.basename(path))
    finally:
        os.fchdir(here)
        os.close(here)


def _write(path: bytes, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)


def clear(root: Path) -> None:
    """Removes what `lay_out` made, however deep it is nested and whatever may not be listed."""
    subprocess.run(["chmod", "-R", "u+rwX", "--", str(root)], stderr=subprocess.DEVNULL, check=False)
    subprocess.run(["rm", "-rf", "--", str(root)], check=True)
