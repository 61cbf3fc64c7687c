"""The documents: what they show is what the tool takes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from parity.config.keys import BASE, IMAGE, TOP
from parity.config.load import load
from tests.conftest import ROOT


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / name).read_text("utf8"), re.DOTALL)


def test_the_configuration_that_is_shown_is_valid(tmp_path: Path) -> None:
    (shown,) = blocks("configuration.md", "toml")
    (tmp_path / "parity.toml").write_text(shown)
    read = load(tmp_path, None)
    assert read.top.words("select") == ("PAR1", "PAR3")
    assert read.images[0].text("entrypoint") == "uvicorn src.api.main:app"
    assert tomllib.loads(shown)["bases"]


def test_every_key_is_described() -> None:
    text = (ROOT / "docs/configuration.md").read_text("utf8")
    assert [key.name for key in (*TOP, *IMAGE, *BASE) if f"`{key.name}`" not in text] == []


@pytest.mark.parametrize("text", blocks("ci.md", "yaml"))
def test_the_yaml_that_is_shown_is_valid(text: str) -> None:
    shown = yaml.safe_load(text)
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    for step in shown.get("steps", ()):
        if step.get("id") == "parity":
            assert set(step["with"]) <= set(inputs)


def test_links_lead_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
