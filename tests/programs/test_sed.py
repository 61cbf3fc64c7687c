"""The model of `sed -i` beside the sed of this machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from parity.programs.sed import sed
from parity.programs.sed_script import edited, edits_of
from parity.shell.host import Call
from parity.shell.status import Status
from parity.shell.word import Word
from tests.support.written_tree import WrittenTree

TEXTS = (
    b"#!/bin/sh\r\nexec python main.py\r\n",
    b"a.b a.b\n\nVERSION = 'x/y'\nlast",
    b"aaa\nabc\n#!/usr/bin/env python3\n",
    b"one",
    b"\n",
    b"tab\there \\ & [x] $HOME*\n",
)
FOLLOWED = (
    r"s/\r$//",
    r"s/\r$//g",
    r"1s|^#!/usr/bin/env python3|#!/command/with-contenv python3|",
    r"3s|^#!/usr/bin/env|#!/bin/env|",
    r"s/a/b/; s/b/c/g",
    "s/a/x/\ns/x/y/",
    r"s/a.*b/<&>/",
    r"s/a*/-/",
    r"s/[abc]/&&/g",
    r"s/[^abc]/_/g",
    r"s,x/y,z\,z,",
    r"s/\./\n/g",
    r"s/\\/\//",
    r"s/\$HOME\*/\&/",
    r"1d",
    r"$d",
    r"/^$/d",
    r"/VERSION/s/'.*'/\"1\"/",
    r"$s/last/LAST/;1d",
    r"s/\t/    /",
    r"s/^/# /",
    r"s/$/;/",
    r"s@a@\\@g",
    r"s/nowhere/x/",
    r"1,3d",
    r"3,2d",
    r"2,$d",
    r"2,$s/a/x/g; 1d",
    r"/a/,2d",
    r"/VERSION/,$d",
    r"/a/,3s/^/# /",
    r"$,1s/$/;/",
)
NOT_FOLLOWED = (
    r"s/\(a\)/\1/",
    r"s/a\|b/x/",
    r"s/a/b/2",
    r"s/a/b/I",
    r"s/[[:space:]]//",
    r"1,+3d",
    r"/a/,0d",
    r"/a/,/b/d",
    r"s//x/",
    r"a\ text",
    r"i#!/bin/sh",
    r"s/a\+/x/",
    r"/a/!d",
    r"y/a/b/",
    r"s/a/\U&/",
    r"2q",
    "s/a/b",
    r"s/a*/-/g",
)


@pytest.mark.parametrize("script", FOLLOWED)
def test_a_script_that_is_followed(script: str, tmp_path: Path) -> None:
    edits = edits_of([script])
    assert edits is not None
    for number, text in enumerate(TEXTS):
        file = tmp_path / str(number)
        file.write_bytes(text)
        subprocess.run(["sed", "-i", script, str(file)], check=True)
        assert edited(text, edits) == file.read_bytes(), text


@pytest.mark.parametrize("script", NOT_FOLLOWED)
def test_a_script_that_is_not_followed(script: str) -> None:
    assert edits_of([script]) is None


def test_scripts_are_joined_and_locales_differ() -> None:
    edits = edits_of(["s/a/b/", "s/b/c/"])
    assert edits is not None
    assert edited(b"a\n", edits) == b"c\n"
    assert edited("ä a\n".encode(), edits) == "ä c\n".encode()
    letters = edits_of(["s/^.b/c/"])
    assert letters is not None
    assert edited("äb\n".encode(), letters) is None  # one letter, or two of the C locale
    assert edited(b"\xffa\n", edits) is None


@pytest.mark.parametrize("suffix", [".bak", "old_*", "*.a.*", "kept/*", "kept/x_*.bak", "*"])
def test_the_copy_that_is_kept_has_the_name_that_sed_gives_it(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "f.py").write_text("a\n")
    subprocess.run(["sed", f"-i{suffix}", "s/a/b/", "f.py"], cwd=tmp_path, check=True)
    real = {
        str(path.relative_to(tmp_path)): path.read_text() for path in tmp_path.rglob("*") if path.is_file()
    }
    tree = WrittenTree({"/app/f.py": "a\n", "/app/kept": None})
    words = ("sed", f"-i{suffix}", "s/a/b/", "f.py")
    assert sed(Call(tuple(map(Word, words)), {}, "/app"), tree) is Status.SUCCESS
    ours = {path.removeprefix("/app/"): text for path, text in tree.listing().items() if text != "dir"}
    assert ours == real
