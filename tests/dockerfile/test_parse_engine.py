"""The Dockerfile reader and what a real engine made of the same texts (Docker 26.1.5, builds recorded)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parity.build.evaluate import build
from parity.build.image import Image
from parity.context.build_context import BuildContext
from parity.dockerfile.instructions import Run
from parity.dockerfile.parse import parse
from parity.model.errors import ParityError
from parity.tree.memory import MemoryTree
from tests.support.building import OpaqueRun

RECORDED = json.loads((Path(__file__).parents[2] / "fixtures/dockerfiles/engine.json").read_text("utf8"))


def image(text: str) -> Image:
    tree = MemoryTree({"a": ""})
    return build(
        parse(text.encode("utf8", "surrogateescape"), "Dockerfile"),
        context=BuildContext(tree, "/", None),
        run=OpaqueRun(),
        checkout=tree,
    )


def shell_text(run: Run) -> str:
    """The one string that the shell gets, as the documentation of Run says."""
    if run.command.shell == "" and run.heredocs:
        return run.heredocs[0].content
    bodies = "".join(f"\n{body.content}{body.name}" for body in run.heredocs)
    return f"{run.command.shell}{bodies}"


def without_tabs(text: str) -> str:
    """The bodies of `<<-`: the engine leaves the tabs to the shell."""
    return "\n".join(line.lstrip("\t") for line in text.split("\n"))


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: repr(case["dockerfile"])[-70:])
def test_same_answer(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(ParityError):
            image(case["dockerfile"])
        return
    built = image(case["dockerfile"])
    have, want = built.config, case["config"]
    if case["kind"] == "config":
        assert list(have.cmd or ()) == want.get("Cmd", [])
        assert list(have.entrypoint or ()) == want.get("Entrypoint", [])
        assert (have.user or "") == want.get("User", "")
        assert sorted(have.volumes) == want["Volumes"]
        variables = [f"{name}={value}" for name, value in have.environment.items() if name != "PATH"]
        assert variables == want["Env"]
    elif case["kind"] == "copy":
        for name, content in case.get("files", {}).items():
            assert built.tree.read("/" + name) == content.encode("utf8", "surrogateescape")
    else:
        dockerfile = parse(case["dockerfile"].encode("utf8", "surrogateescape"), "Dockerfile")
        (run,) = (one for one in dockerfile.stages[0].instructions if isinstance(one, Run))
        (wanted,) = case["files"].values()
        given = run.command.exec[1:] if run.command.exec else (shell_text(run),)
        if any("<<-" in text for text in given):
            assert without_tabs(ascii(list(given)).replace("\\t", "")) == wanted.replace("\\t", "")
        else:
            assert ascii(list(given)) == wanted
