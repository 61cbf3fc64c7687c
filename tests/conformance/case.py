"""Conformance cases: small projects in one text file each, and what a real engine made of them.

A case is a header of `# key: value` lines, then its files, each behind a mark:

    -- path/of/a/file.py --
    -- some/link -> ../target --
    -- empty/dir/ --
    -- raw "bytes\\r\\n" path.txt --        (the content as a Python string literal)
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parity.tree.base import Entry, FileKind, clean
from parity.tree.memory import MemoryTree

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "conformance"
MARK = re.compile(r"-- (.+) --")
RAW = re.compile(r'raw ("(?:[^"\\]|\\.)*") (.+)')


@dataclass(frozen=True)
class Case:
    """A project to build, and the recorded truth about its image."""

    name: str
    header: dict[str, list[str]]
    files: dict[str, str | Entry | None]
    truth: dict[str, Any]

    @property
    def dockerfile(self) -> str:
        return self.one("dockerfile") or "Dockerfile"

    @property
    def context(self) -> str:
        return clean(self.one("context") or ".")

    @property
    def build_args(self) -> dict[str, str]:
        pairs = (text.partition("=") for text in self.header.get("build-arg", []))
        return {name: value for name, _, value in pairs}

    def one(self, key: str) -> str | None:
        return self.header.get(key, [None])[0]

    def tree(self) -> MemoryTree:
        return MemoryTree(self.files)

    def lay_out(self, folder: Path) -> Path:
        """The files on disk, in the folder."""
        for name, what in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if what is None:
                path.mkdir(exist_ok=True)
            elif isinstance(what, Entry):
                path.symlink_to(what.target)
            else:
                path.write_bytes(what.encode("utf8", "surrogateescape"))
        return folder


def read_case(path: Path) -> Case:
    header: dict[str, list[str]] = {}
    files: dict[str, str | Entry | None] = {}
    bodies: dict[str, list[str]] = {}
    body: list[str] | None = None
    for line in path.read_text("utf8").split("\n"):
        if mark := MARK.fullmatch(line):
            name, body = mark[1], None
            link, arrow, target = name.partition(" -> ")
            if raw := RAW.fullmatch(name):
                files[raw[2]] = ast.literal_eval(raw[1])
            elif arrow:
                files[link] = Entry(FileKind.SYMLINK, target=target, source=clean(link))
            elif name.endswith("/"):
                files[name.rstrip("/")] = None
            else:
                body = bodies[name] = []
                files[name] = ""
        elif body is not None:
            body.append(line)
        elif pair := re.fullmatch(r"# (.+?): (.*)", line):
            header.setdefault(pair[1], []).append(pair[2])
    if body is not None:
        while body and not body[-1]:
            body.pop()
    files |= {name: "".join(f"{line}\n" for line in lines) for name, lines in bodies.items()}
    recorded = path.with_suffix(".truth.json")
    truth = json.loads(recorded.read_text("utf8")) if recorded.exists() else {}
    return Case(path.stem, header, files, truth)


CASES = tuple(read_case(path) for path in sorted(FOLDER.glob("*.txt")))
