"""Syntax that a Python does not have: told with version and place, and rewritten so that it is read all the same."""

from __future__ import annotations

import ast

import pytest

from parity.model.version import PythonVersion
from parity.python.lowering import lower, newer_features
from parity.python.source import SyntaxProblem, parse
from parity.python.syntax_reader import Refused
from parity.python.type_parameters import Definition, type_parameters

NEWEST = PythonVersion(3, 14)
CONSTRUCTS = [
    ("(x := 1)", 8, 1, 2),
    ("def f(a, /): pass", 8, 1, 10),
    ("f'{x=}'", 8, 1, 1),
    ("match x:\n    case 1: pass", 10, 1, 1),
    ("try: pass\nexcept* ValueError: pass", 11, 2, 1),
    ("type X = int", 12, 1, 1),
    ("if 1: type X[T] = list[T]", 12, 1, 7),
    ("def f[T](a: T): pass", 12, 1, 6),
    ("class A[T]: pass", 12, 1, 8),
    ("x = f'{a['b']}'", 12, 1, 5),
    ('x = f"{"\\n".join(a)}"', 12, 1, 5),
    ("x = f'{a +\n b}'", 12, 1, 5),
    ("x = rf'''{a['''b''']}'''", 12, 1, 5),
    ("class A[T = int]: pass", 12, 1, 8),
    ("t'{a}'", 14, 1, 1),
    ("try: pass\nexcept A, B: pass", 14, 2, 8),
]


@pytest.mark.parametrize(("text", "minor", "line", "column"), CONSTRUCTS)
def test_each_is_told_of_the_version_before_and_not_of_its_own(
    text: str, minor: int, line: int, column: int
) -> None:
    source = f"{text}\n".encode()
    first = newer_features(source, PythonVersion(3, minor - 1), NEWEST)[0]
    assert (first.version, first.line, first.column) == (PythonVersion(3, minor), line, column)
    assert not [f for f in newer_features(source, PythonVersion(3, minor), NEWEST) if f.version <= (3, minor)]


@pytest.mark.parametrize(("text", "minor", "line", "column"), CONSTRUCTS)
def test_parse_refuses_it_only_where_the_version_does(text: str, minor: int, line: int, column: int) -> None:
    source = f"import before\n{text}\nimport after\n".encode()
    refused = parse(source, PythonVersion(3, minor - 1))
    assert isinstance(refused, SyntaxProblem)
    assert (refused.line, refused.column, refused.since) == (line + 1, column, PythonVersion(3, minor))
    read = parse(source, NEWEST)
    assert not isinstance(read, SyntaxProblem)
    lines = source.count(b"\n")
    assert (read[0].lineno, read[-1].lineno) == (1, lines)


@pytest.mark.parametrize(("text", "minor", "line", "column"), [row for row in CONSTRUCTS if row[1] >= 12])
def test_lowered_source_is_older_and_keeps_its_lines(text: str, minor: int, line: int, column: int) -> None:
    older = lower(f"{text}\nimport after\n".encode())
    assert isinstance(older, bytes)
    body = ast.parse(older, feature_version=(3, 8)).body
    assert body[-1].lineno == text.count("\n") + 2
    assert newer_features(older, PythonVersion(3, 11), NEWEST) == ()


@pytest.mark.parametrize(
    ("text", "names", "columns"),
    [
        ("def f[T, **P, *Ts](a: é, b): pass", ("T", "P", "Ts"), [19, 25]),
        ("async def f[T = int](a): pass", ("T",), [21]),
        ("class A[T]:\n    def m(a): pass", ("T",), []),
        ("def f\\\n[T](a): pass", ("T",), [4]),
        ("def f[\n    T,\n  ](a): pass", ("T",), [4]),
        ("def e(): pass\ntype X[U] = int\ndef f[T](a): pass", (), []),
    ],
)
def test_type_parameters_stay_with_their_definition(
    text: str, names: tuple[str, ...], columns: list[int]
) -> None:
    tail = "\nclass Last[Z = 1]: pass\n"  # the running Python may not read this
    body = parse((text + tail).encode(), NEWEST)
    assert isinstance(body, tuple)
    first, last = body[0], body[-1]
    assert isinstance(first, Definition)
    assert isinstance(last, Definition)
    assert (type_parameters(first), type_parameters(last)) == (names, ("Z",))
    if not isinstance(first, ast.ClassDef):
        assert [argument.col_offset for argument in first.args.args] == columns


@pytest.mark.parametrize(
    "text",
    [
        "x = (", "def f(:", "import", "f'{'", "class A[: pass", "type = 1 +", "\x00", "match x:\ncase 1: pass", "t'{'",
    ],
)  # fmt: skip
def test_what_no_python_reads(text: str) -> None:
    assert lower(text.encode()) == Refused()
    assert isinstance(parse(text.encode(), NEWEST), SyntaxProblem)


@pytest.mark.parametrize(
    "text",
    [
        "match = type = 1\nmatch(type)\ntype (x)\n",
        "# type X of match y: except A, B\n'''\ntype X = 1\n'''\n",
        "x = f'{a}' + \"{b}\" + f'{{\"}}'\n",
        'x = f"""{a["b"]}\n{\n c}"""\n',
        "def f(a): return a[0]\nclass A: pass\n",
    ],
)
def test_what_every_python_reads(text: str) -> None:
    assert newer_features(text.encode(), PythonVersion(3, 8), NEWEST) == ()
