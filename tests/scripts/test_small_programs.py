"""The small applications of `scripts/programs_against_cpython.py` are drawn as its grammar says."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest

SCRIPTS = Path(__file__).parent.parent.parent / "scripts"


@pytest.fixture(autouse=True)
def _scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))


def test_a_seed_draws_one_application() -> None:
    from small_programs import grammar, project

    texts = grammar.read(SCRIPTS / "small_programs")
    first, again, other = project.draw(texts, 7), project.draw(texts, 7), project.draw(texts, 8)
    assert first == again != other
    assert "Dockerfile" in first.checkout
    assert first.image <= first.checkout.keys()


def test_a_careful_writer_makes_no_error_of_the_compiler() -> None:
    from small_programs import grammar

    texts = grammar.read(SCRIPTS / "small_programs")
    for part in texts.parts:
        drawn = part.kind.startswith("values:")  # may hold f-strings that only later versions can read
        if part.since <= sys.version_info.minor and not drawn:
            piece = texts.piece(part, "app", grammar.Writer(Random(1)))
            compile(f"{piece.defines}\n{piece.uses}", part.kind, "exec")


def test_choices_slips_names_and_files(tmp_path: Path) -> None:
    from small_programs import grammar

    (tmp_path / "a.pieces").write_text(
        "::: n\n«1¦2»\n--- kind 3.12\n$x = ‹%{n}¦gone›\n=>\nfrom @{$m} import $x\n+++ $m.py\n$x = 1\n"
    )
    read = grammar.read(tmp_path)
    (part,) = read.parts
    assert (part.kind, part.since) == ("kind", 12)
    careless = read.piece(part, "app", grammar.Writer(Random(1), careless=1.0))
    assert careless.defines.endswith(" = gone\n")
    careful = read.piece(part, "app", grammar.Writer(Random(1)))
    name, value = careful.defines.strip().split(" = ")
    ((file, text),) = careful.files
    assert value in ("1", "2")
    assert text == f"{name} = 1\n"
    assert careful.uses.removesuffix(f" import {name}\n") in (f"from .{file[:-3]}", f"from app.{file[:-3]}")
