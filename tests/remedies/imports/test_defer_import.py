"""An import moves to where its name is used, or stays; nothing else of the file changes, to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.remedies.imports.defer_import import defer_import
from parity.remedies.trial.edits import applied
from tests.conftest import ROOT

FOLDER = ROOT / "fixtures" / "remedies" / "defer-import"
MOVED = sorted((FOLDER / "moved").iterdir())
LEFT = sorted((FOLDER / "left").iterdir())


def deferred(data: bytes, *, lazy_annotations: bool = False) -> bytes | None:
    """With the `Order` of the module `orders` imported later."""
    line = next(number for number, text in enumerate(data.split(b"\n"), 1) if b"orders import" in text)
    found = defer_import("module.py", data, line, ["Order"], lazy_annotations=lazy_annotations)
    return applied(data, found.edits) if found is not None else None


@pytest.mark.parametrize("folder", MOVED, ids=lambda folder: folder.name)
def test_it_moves(folder: Path) -> None:
    after = deferred((folder / "before.py").read_bytes())
    assert after == (folder / "after.py").read_bytes()
    compile(after, "after.py", "exec")


@pytest.mark.parametrize("folder", LEFT, ids=lambda folder: folder.name)
def test_it_stays(folder: Path) -> None:
    assert deferred((folder / "before.py").read_bytes()) is None


@pytest.mark.parametrize("name", ["annotation", "returned"])
def test_annotations_that_a_newer_python_does_not_evaluate(name: str) -> None:
    after = deferred((FOLDER / "left" / name / "before.py").read_bytes(), lazy_annotations=True)
    assert after is not None
    assert b"if TYPE_CHECKING:\n    from shop.orders import Order\n" in after


def test_a_name_that_the_statement_does_not_have() -> None:
    assert defer_import("module.py", b"from a import b\n\n\ndef f():\n    b\n", 1, ["c"]) is None


def test_all_names_of_a_statement() -> None:
    before = b"from a import b, c\n\n\ndef f():\n    b\n\n\ndef g():\n    b, c\n"
    found = defer_import("module.py", before, 1)
    assert found is not None
    assert applied(before, found.edits) == (
        b"def f():\n    from a import b\n\n    b\n\n\ndef g():\n    from a import b, c\n\n    b, c\n"
    )


@pytest.mark.parametrize(
    "data",
    [
        b"from a import b\rdef f():\r    b\r",
        b"from a import b\n" + b"(" * 300,
        b"from a import b\nx = " + b"-" * 50_000 + b"1\ndef f(): b\n",
        b"from a import b\n\x00\n",
        b"from a import (\n",
        b"",
        b"from a import \xc3\xa4\n\ndef f():\n    \xc3\xa4\n",
    ],
)
def test_what_cannot_be_read_or_written_stays(data: bytes) -> None:
    assert defer_import("module.py", data, 1) is None
