"""The configuration, workflows and hooks that the documents show are what the tool and its users take."""

from __future__ import annotations

import ast
import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from parity.config.keys import BASE, IMAGE, TOP
from parity.config.load import load
from tests.conftest import ROOT
from tests.documents.pages import DOCS, Block, blocks

SCHEMA = json.loads((ROOT / "parity/config/parity.schema.json").read_text())
INPUTS = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
HOOKS = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}


def name_of(block: Block) -> str:
    return block.name


@pytest.mark.parametrize("block", blocks("toml"), ids=name_of)
def test_toml_is_configuration_that_is_taken(tmp_path: Path, block: Block) -> None:
    shown = tomllib.loads(block.text)
    if "tool" in shown and "parity" not in shown["tool"]:
        return  # another tool's
    jsonschema.validate(shown.get("tool", {}).get("parity", shown), SCHEMA)
    (tmp_path / ("pyproject.toml" if "tool" in shown else "parity.toml")).write_text(block.text)
    load(tmp_path, None)


@pytest.mark.parametrize("block", blocks("yaml"), ids=name_of)
def test_yaml_is_taken(block: Block) -> None:
    shown: dict[str, Any] = yaml.safe_load(block.text)
    jobs = [shown, *(job for job in shown.get("jobs", {}).values())]
    for step in (step for job in jobs for step in job.get("steps", ())):
        assert "uses" in step or "run" in step
        if "/parity@" in step.get("uses", ""):
            assert set(step.get("with", ())) <= set(INPUTS)
    for repository in shown.get("repos", ()):
        if repository["repo"] != "local":
            assert {hook["id"] for hook in repository["hooks"]} <= HOOKS


@pytest.mark.parametrize(
    "block",
    [
        block for block in blocks("python") if block.page.parent.name != "rules"
    ],  # there it may be what is wrong
    ids=name_of,
)
def test_python_is_python(block: Block) -> None:
    ast.parse(block.text)


def test_every_language_is_one_that_something_is_known_of() -> None:
    known = {
        "console",
        "toml",
        "yaml",
        "json",
        "python",
        "dockerfile",
        "text",
        "groovy",
        "lua",
        "vim",
        "mermaid",
    }
    every = blocks(*known, "")
    total = sum(page.read_text("utf8").count("\n```") for page in {block.page for block in every})
    assert {block.language for block in every} <= known
    assert total == 2 * len(every), "a block of another language"


def test_every_key_is_described() -> None:
    text = (DOCS / "configuration.md").read_text("utf8")
    assert [key.name for key in (*TOP, *IMAGE, *BASE) if f"`{key.name}`" not in text] == []
