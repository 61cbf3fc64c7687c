"""Bytecode remembers the name that CPython's own compileall gives it."""

from __future__ import annotations

import marshal
import subprocess
import sys
from pathlib import Path

import pytest

from parity.programs.compileall import compileall
from parity.shell.host import Call
from parity.shell.word import Word
from parity.tree.base import Entry
from tests.support.written_tree import WrittenTree

SOURCES = ("top.py", "pkg/__init__.py", "pkg/inner/deep.py")


@pytest.mark.parametrize(
    "arguments",
    [
        ".",
        "./",
        "pkg",
        "pkg/",
        "./pkg pkg/inner",
        "-f ./pkg pkg/inner",
        "top.py",
        "./top.py",
        "-d /srv pkg",
        "-d there top.py",
        "-d there ./top.py pkg/inner",
        "-s pkg pkg",
        "-p /opt .",
        "-s pkg -p /opt pkg",
        "-s pkg/inner -p lib pkg",
        "-p /opt top.py",
        "-l .",
        "{here}",
        "-s {here} -p /app {here}/pkg",
    ],
)
def test_names_are_those_of_cpython(arguments: str, tmp_path: Path) -> None:
    for source in SOURCES:
        (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / source).write_text("")
    words = ["-q", "-b", *arguments.format(here=tmp_path).split()]
    subprocess.run([sys.executable, "-m", "compileall", *words], cwd=tmp_path, check=True)
    expected = {
        str(path): marshal.loads(path.read_bytes()[16:]).co_filename for path in tmp_path.rglob("*.pyc")
    }
    tree = WrittenTree({f"{tmp_path}/{source}": "" for source in SOURCES})
    compileall(Call(tuple(map(Word, ("compileall", *words))), {}, str(tmp_path)), tree)
    written = {path: entry for path, entry in tree.entries.items() if path.endswith(".pyc")}
    names = {p: e.compiled.filename for p, e in written.items() if isinstance(e, Entry) and e.compiled}
    assert names == expected
