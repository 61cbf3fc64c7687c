"""Columns are counted in characters, as editors and reports do."""

from __future__ import annotations

import ast

import pytest

from parity.python.columns import count_characters


@pytest.mark.parametrize(
    "text",
    [
        'x = "日本語 🎉"; import a.b',
        "def f():\n    é = 1; from ü import ñ, ö  # ß\n\n\nimport z",
        '@wrap("é")\n@other\nclass A(B["é"], metaclass=C): y = "ü"; z = lambda a, b="ö": a',
        'é = f"{ñ!r:>{width}} ü {x}"; y = {"ß": [ö for ö in "ä"]}',
        'match "é":\n    case {"ü": ö}: import q',
        "\ufeffé = 1; import b",
    ],
)
def test_every_name_stands_where_it_is_written(text: str) -> None:
    data = text.encode()
    tree = ast.parse(data)
    count_characters(tree, data)
    lines = text.removeprefix("\ufeff").split("\n")
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    for name in names:
        assert lines[name.lineno - 1][name.col_offset : name.end_col_offset] == name.id
    for statement in imports:
        shown = lines[statement.lineno - 1][statement.col_offset : statement.end_col_offset]
        assert ast.unparse(statement) == shown
    assert names or imports


def test_another_encoding() -> None:
    data = "# coding: latin-1\né = 1; import a".encode("latin-1")
    tree = ast.parse(data)
    count_characters(tree, data)
    assert tree.body[1].col_offset == len("é = 1; ")
