"""What git did not fetch is told as such: the name and the code are right, and nothing of them is to be changed."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from tests.conftest import ask

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


def fixes(project: Path) -> dict[str, str]:
    (image,) = json.loads(ask("check", str(project), "--format", "json").out)["images"]
    return {finding["code"]: finding["fix"] for finding in image["findings"]}


def test_a_module_that_is_a_pointer_of_git_lfs(project: Path) -> None:
    (project / "main.py").write_text(POINTER)
    assert fixes(project) == {"PAR401": "fetch main.py with git lfs pull: it is a Git LFS pointer"}


@pytest.mark.parametrize("path", ["vendored", "libs/vendored"])
def test_a_submodule_that_is_an_empty_folder(project: Path, path: str) -> None:
    (project / ".gitmodules").write_text(f'[submodule "x"]\n\tpath = {path}\n\turl = ../x.git\n')
    (project / path).mkdir(parents=True)
    (project / "main.py").write_text(f"import {path.replace('/', '.')}.core\n")
    assert fixes(project) == {"PAR104": f"fetch {path} with git submodule update --init: it is empty"}
    (project / path / "readme").write_text("")
    assert "submodule" not in fixes(project)["PAR104"]


def test_a_name_in_another_form_of_unicode(project: Path) -> None:
    """CPython: an identifier is normalized (NFKC), the name of a file is not."""
    (project / "shop").mkdir()
    (project / "shop/__init__.py").write_text("")
    (project / unicodedata.normalize("NFD", "shop/caf\u00e9.py")).write_text("")
    (project / "main.py").write_text("import shop.caf\u00e9\n")
    assert fixes(project)["PAR104"].endswith("its name has the same letters in another form of Unicode")
