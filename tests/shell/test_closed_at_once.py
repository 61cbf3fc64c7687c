"""Reserved words that follow one another without `;`, beside what dash takes."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from parity.shell.parse import parse
from parity.shell.syntax import Sequence

NESTED = [
    ("if a; then if b; then c; else d; fi fi", "if a; then if b; then c; else d; fi; fi"),
    ("if a; then\n  for i in 1 2; do c $i; done\tfi; e", "if a; then for i in 1 2; do c $i; done; fi; e"),
    (
        "for i in a; do case $i in a) echo done done;; esac done",
        "for i in a; do case $i in a) echo done done;; esac; done",
    ),
    ("{ while a; do { b; } done }", "{ while a; do { b; }; done; }"),
    ("if a; then if b; then if c; then d; fi fi fi", "if a; then if b; then if c; then d; fi; fi; fi"),
    ("if a; then { b; } else c; fi", "if a; then { b; }; else c; fi"),
]


@pytest.mark.parametrize(("text", "parted"), NESTED)
def test_they_are_read_as_if_parted(text: str, parted: str) -> None:
    def lines(found: Sequence) -> str:
        return repr(found).replace("line=2", "line=1").replace("line=3", "line=1")

    assert lines(parse(text)) == lines(parse(parted))
    assert "Unparsed" not in repr(parse(text))


@pytest.mark.skipif(shutil.which("dash") is None, reason="there is no dash to ask")
@pytest.mark.parametrize("text", [text for text, _ in NESTED])
def test_a_shell_takes_them(text: str) -> None:
    assert subprocess.run(["dash", "-n"], input=text, text=True, check=False).returncode == 0
