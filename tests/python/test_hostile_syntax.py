"""Texts made to break a parser: none ends the tool or keeps it waiting, and what it then cannot tell it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from parity.model.location import Unknown
from parity.packages.setup_script import read_setup
from parity.python.source import LARGE, LARGEST, RUNNING, SyntaxProblem, parse
from parity.python.syntax_reader import LARGEST as LARGEST_FOR_LIBCST
from parity.python.syntax_reader import READER, Construct, Refused, SyntaxReader
from tests.conftest import ask_process

FORMS: dict[str, Callable[[int], str]] = {
    "not": lambda n: "x = " + "not " * n + "x\n",
    "minus": lambda n: "x = " + "-" * n + "x\n",
    "tilde": lambda n: "x = " + "~" * n + "1\n",
    "lambda": lambda n: "x = " + "lambda:" * n + "x\n",
    "conditional": lambda n: "x = " + "a if b else " * n + "x\n",
    "power": lambda n: "x = " + "x**" * n + "x\n",
    "f-string": lambda n: "x = " + "f'{" * n + "1" + "}'" * n + "\n",
    "open f-string": lambda n: "f'{" * n,
    "format": lambda n: "x = f'{a:" + "{a:" * n + "}" * n + "}'\n",
    "parentheses": lambda n: "x = " + "(" * n + "x" + ")" * n + "\n",
    "open parentheses": lambda n: "(" * n,
    "list": lambda n: "x = " + "[" * n + "]" * n + "\n",
    "dict": lambda n: "x = " + "{1:" * n + "1" + "}" * n + "\n",
    "attribute": lambda n: "x = " + "a." * n + "x\n",
    "call": lambda n: "x = a" + "()" * n + "\n",
    "subscript": lambda n: "x = a" + "[0]" * n + "\n",
    "sum": lambda n: "x = " + "a+" * n + "x\n",
    "and": lambda n: "x = " + "a and " * n + "x\n",
    "comparison": lambda n: "x = " + "a<" * n + "x\n",
    "assignment": lambda n: "x=" * n + "x\n",
    "walrus": lambda n: "(a:=" * n + "1" + ")" * n + "\n",
    "elif": lambda n: "if a: pass\n" + "elif a: pass\n" * n,
    "indentation": lambda n: "".join(" " * i + "if a:\n" for i in range(n)) + " " * n + "pass\n",
    "strings": lambda n: "x = " + "'a' " * n + "\n",
    "decorators": lambda n: "@a\n" * n + "def f(): pass\n",
    "tuple": lambda n: "x = " + "a," * n + "\n",
    "statements": lambda n: "x;" * n + "\n",
    "pattern": lambda n: "match a:\n case " + "[" * n + "]" * n + ": pass\n",
    "or-pattern": lambda n: "match a:\n case " + "1|" * n + "1: pass\n",
    "with": lambda n: "with a" + ", a" * n + ": pass\n",
    "loops": lambda n: "x = [a " + "for a in b " * n + "]\n",
    "await": lambda n: "async def f():\n x = " + "await " * n + "a\n",
    "yield": lambda n: "def f():\n x = " + "yield " * n + "1\n",
}


@pytest.fixture(autouse=True)
def _time_of_its_own() -> Iterator[None]:
    READER.renew()
    yield
    READER.renew()


@pytest.fixture
def reader() -> Iterator[SyntaxReader]:
    reader = SyntaxReader(seconds=1.0, most_lost=1e9)
    yield reader
    reader.close()


@pytest.mark.parametrize("form", FORMS)
def test_the_reader_survives(reader: SyntaxReader, form: str) -> None:
    """LibCST does not: it overflows its stack at some of these, and would take hours for others."""
    for n in (100, 5_000):
        answer = reader.constructs("type X = int\n" + FORMS[form](n))
        assert isinstance(answer, Unknown | Refused) or answer[0].name == "a type statement"
    assert reader.constructs("type X = int\n") == (
        Construct("a type statement", 12, (1, 0), (1, 12), "X = ..."),
    )


SHALLOW = [
    form for form in FORMS if not form.startswith("open") and form not in ("await", "yield", "f-string")
]


@pytest.mark.parametrize("form", SHALLOW)
def test_what_people_write_is_read(reader: SyntaxReader, form: str) -> None:
    """To the depth of five."""
    answer = reader.constructs("type X = int\n" + FORMS[form](5))
    assert isinstance(answer, tuple)
    assert "a type statement" in {construct.name for construct in answer}


def test_deep_but_flat_to_read(reader: SyntaxReader) -> None:
    for form in ("sum", "attribute", "call", "strings", "elif", "comparison", "tuple"):
        assert isinstance(reader.constructs(FORMS[form](150)), tuple), form


def test_what_the_reader_is_not_asked(reader: SyntaxReader) -> None:
    assert isinstance(reader.constructs("#" * LARGEST_FOR_LIBCST + "\n"), Unknown)
    assert reader.constructs("x = '\udcff'\n") == Refused()


def test_time_is_lost_only_so_often() -> None:
    reader = SyntaxReader(seconds=0.2, most_lost=0.5)
    endless = FORMS["pattern"](60)
    assert isinstance(reader.constructs("pass\n"), tuple)
    assert isinstance(reader.constructs(endless), Unknown)
    later = reader.constructs("pass\n")
    assert isinstance(later, Unknown)
    assert "other modules" in later.reason
    reader.close()


@pytest.mark.skipif(RUNNING >= (3, 14), reason="this interpreter reads all that LibCST reads")
@pytest.mark.parametrize("form", ["open parentheses", "open f-string"])
def test_what_nobody_can_read_is_an_error_only_where_the_running_python_is_the_image_s(form: str) -> None:
    source = ("t'{a}'\n" + FORMS[form](20_000)).encode()
    assert isinstance(parse(source, None), Unknown)
    assert isinstance(parse(source, RUNNING), SyntaxProblem)


@pytest.mark.parametrize("form", FORMS)
def test_the_running_python_survives_what_it_is_given_at_once(form: str) -> None:
    unit = len(FORMS[form](101)) - len(FORMS[form](100))
    text = FORMS[form](300 if form == "indentation" else (LARGE - 100) // unit)
    assert len(text) <= LARGE
    assert isinstance(parse(text.encode(), RUNNING), tuple | SyntaxProblem | Unknown)


QUADRATIC: dict[str, Callable[[int], str]] = {
    "functions": lambda n: "def f(): pass\n" * n,
    "lambdas": lambda n: "lambda: a\n" * n,
    "comprehensions": lambda n: "[a for a in b]\n" * n,
    "keywords": lambda n: "f(" + ",".join(f"a{i}=1" for i in range(n)) + ")\n",
}


@pytest.mark.parametrize("form", QUADRATIC)
def test_what_cpython_compiles_in_quadratic_time(reader: SyntaxReader, form: str) -> None:
    assert reader.can_compile(QUADRATIC[form](500).encode())
    assert not reader.can_compile(QUADRATIC[form](100_000).encode())
    assert reader.can_compile(b"pass\n")


def test_cpython_s_own_stack(reader: SyntaxReader) -> None:
    assert reader.can_compile(FORMS["loops"](400).encode())
    assert not reader.can_compile(FORMS["loops"](300_000).encode())


def test_what_is_too_large_or_too_deep_is_not_told() -> None:
    assert isinstance(parse(b"'" + b"a" * LARGEST + b"'", RUNNING), Unknown)
    assert isinstance(parse(b"x = '" + b"a" * (LARGEST // 2) + b"'", RUNNING), tuple)
    assert isinstance(parse(FORMS["sum"](20_000).encode(), RUNNING), Unknown)
    assert read_setup("'" + "a" * LARGEST + "'").undecided


@pytest.mark.parametrize("form", ["open parentheses", "pattern", "elif", "not", "conditional", "loops"])
def test_a_check_of_it_ends_with_an_answer(tmp_path: Path, form: str) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "Dockerfile").write_text(
        'FROM python:3.14\nWORKDIR /app\nCOPY main.py hostile.py fine.py ./\nCMD ["python", "main.py"]\n'
    )
    (project / "main.py").write_text("import fine\nimport hostile\n")
    (project / "fine.py").write_text("type X = int\nimport gone\n")
    (project / "gone.py").write_text("")
    (project / "hostile.py").write_text("t'{a}'\n" + FORMS[form](4_000))
    answer = ask_process("check", str(project), cwd=tmp_path)
    assert answer.status == 1
    assert "No module named 'gone'" in answer.out
    assert "PAR40" not in answer.out
    assert "not checked whether hostile is there" in answer.out
    assert answer.err == ""
