"""`parity graph`: the modules that a start-up reaches, what is missing, what is part of a cycle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, ask

CMD = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD {}\n"


def graph(folder: Path) -> dict[str, Any]:
    (image,) = json.loads(ask("graph", str(folder), "--format", "json").out)["images"]
    return image  # type: ignore[no-any-return]


def test_states_entries_and_cycles(tmp_path: Path) -> None:
    files = {
        "Dockerfile": CMD.format('["python", "-m", "shop"]'),
        ".dockerignore": "shop/hidden.py\n",
        "shop/__init__.py": "",
        "shop/__main__.py": "import json\nfrom shop import a\ndef later():\n    import shop.late\n",
        "shop/a.py": "import shop.b\nimport shop.hidden\nimport shop.broken\n",
        "shop/b.py": "import shop.a\nimport nowhere\n",
        "shop/hidden.py": "import shop.behind\n",
        "shop/behind.py": "",
        "shop/broken.py": "x = (\n",
        "shop/late.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    image = graph(tmp_path)
    assert {
        module["name"]: (module["state"], module["entry"], module["cycle"]) for module in image["modules"]
    } == {
        "shop": ("present", True, None),
        "shop.__main__": ("present", True, None),
        "shop.a": ("present", False, 1),
        "shop.b": ("present", False, 1),
        "shop.hidden": ("missing", False, None),
        "shop.behind": ("present", False, None),
        "shop.broken": ("broken", False, None),
        "nowhere": ("missing", False, None),
    }
    assert image["cycles"] == [["shop.a", "shop.b"]]
    assert {(one["importer"], one["imported"], one["line"]) for one in image["imports"]} == {
        ("shop.__main__", "shop", 2),
        ("shop.__main__", "shop.a", 2),
        ("shop.a", "shop.b", 1),
        ("shop.b", "shop.a", 1),
        ("shop.a", "shop.hidden", 2),
        ("shop.hidden", "shop.behind", 1),
        ("shop.a", "shop.broken", 3),
        ("shop.b", "nowhere", 2),
    }


def test_what_only_a_function_imports_and_is_missing_is_dashed() -> None:
    folder = "fixtures/rules/PAR102/fails"
    (image,) = json.loads(ask("graph", folder, "--format", "json").out)["images"]
    assert [one["imported"] for one in image["imports"] if one["deferred"]] == ["shop.pdf"]
    assert "-.->" in ask("graph", folder).out
    assert "style=dashed" in ask("graph", folder, "--format", "dot").out


@pytest.mark.parametrize("name", ["dot", "mermaid", "json", "html"])
def test_an_image_without_python_has_an_empty_graph(name: str, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text('FROM nginx\nCMD ["nginx"]\n')
    answer = ask("graph", str(tmp_path), "--format", name)
    assert (answer.status, answer.err) == (0, "")
    assert "Dockerfile" in answer.out


def test_it_goes_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "graph.html"
    assert (
        ask("graph", str(ROOT / "fixtures/incident/circular"), "--format", "html", "--output", str(file)).out
        == ""
    )
    assert "<svg" in file.read_text()
