"""What a function would miss: a submodule that it takes as a name, a file that such a module reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked import told

FILES = {
    "main.py": "import shop\n\n\ndef later():\n    from shop import pdf\n",
    "shop/__init__.py": "",
    "shop/pdf.py": (
        "from pathlib import Path\n\nHERE = Path(__file__).parent\nFONT = HERE / 'font.ttf'\n\n\n"
        "def make():\n    return FONT.read_bytes()\n"
    ),
    "shop/font.ttf": "",
    "Dockerfile": 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n',
}


def test_a_submodule_that_is_taken_as_a_name(tmp_path: Path) -> None:
    files = {**FILES, ".dockerignore": "shop/pdf.py\n"}
    assert told(tmp_path, files) == ["warning PAR102 later shop.pdf at main.py:5"]


@pytest.mark.parametrize(
    "package", ["from other import *\n", "pdf = 1\n", "def __getattr__(name):\n    return name\n"]
)
def test_the_package_may_bind_the_name_itself(tmp_path: Path, package: str) -> None:
    files = {**FILES, "other.py": "pdf = 1\n", "shop/__init__.py": package, ".dockerignore": "shop/pdf.py\n"}
    assert told(tmp_path, files) == []


def test_a_file_that_a_module_reads_which_only_a_function_imports(tmp_path: Path) -> None:
    assert told(tmp_path, FILES) == []
    files = {**FILES, ".dockerignore": "**/*.ttf\n"}
    assert told(tmp_path, files) == ["warning PAR501 later shop.pdf at shop/pdf.py:8"]
