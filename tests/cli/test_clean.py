"""What git has, as a world of its own: `check --clean`, and the row of `why`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ask
from tests.support.checked import lay_out, told
from tests.support.repositories import git, needs_git, repository

DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "-m", "shop"]\n'
FILES = {
    "Dockerfile": DOCKERFILE,
    ".dockerignore": ".git\n",
    ".gitignore": "lib/\n",
    "shop/__init__.py": "",
    "shop/__main__.py": "import shop.lib.prices\nimport shop.orders\n",
}
NEW = {"shop/lib/__init__.py": "", "shop/lib/prices.py": "", "shop/orders.py": ""}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    lay_out(repository(tmp_path, FILES), NEW)
    return tmp_path


@needs_git
def test_the_clean_checkout_is_asked(root: Path) -> None:
    assert told(root, {}, "--clean") == [
        "error PAR104 start shop.lib at shop/__main__.py:1",
        "error PAR104 start shop.orders at shop/__main__.py:2",
    ]


@needs_git
def test_what_is_added_is_there(root: Path) -> None:
    git(root, "add", "--force", ".")
    assert told(root, {}, "--clean") == []


@needs_git
def test_a_copy_of_what_git_does_not_have(root: Path) -> None:
    (root / "Dockerfile").write_text(DOCKERFILE.replace("COPY . .", "COPY . .\nCOPY shop/orders.py /srv/"))
    assert any("PAR601" in one for one in told(root, {}, "--clean"))


def test_there_is_nothing_to_ask_without_a_repository(tmp_path: Path) -> None:
    lay_out(tmp_path, FILES)
    answer = ask("check", "--clean", str(tmp_path))
    assert (answer.status, answer.out) == (2, "")
    assert "--clean asks what git has, and git has nothing here" in answer.err


@needs_git
@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("shop.lib", "  in git           not there: .gitignore:1 keeps it out (lib/)\n"),
        ("shop/orders.py", "  in git           not there: no line of a .gitignore names shop/orders.py\n"),
        (
            "/app/shop/orders.py",
            "  in git           not there: no line of a .gitignore names shop/orders.py\n",
        ),
        ("shop/__main__.py", None),
    ],
)
def test_why_tells_what_git_does_not_have(name: str, row: str | None, root: Path) -> None:
    answer = ask("why", name, str(root)).out
    assert row in answer if row else "in git" not in answer
    (image,) = json.loads(ask("why", name, str(root), "--format", "json").out)["images"]
    assert (image["not_in_git"] is not None) is (row is not None)
