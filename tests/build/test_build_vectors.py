"""Builds as BuildKit's own integration tests describe them."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from parity.build.evaluate import build
from parity.build.image import Image
from parity.context.build_context import BuildContext, ignore_file_for
from parity.dockerfile.parse import parse
from parity.model.errors import ParityError
from parity.model.location import Unknown
from parity.tree.base import Absent, Entry, FileKind, clean
from parity.tree.links import follow
from parity.tree.memory import MemoryTree
from tests.support.building import OpaqueRun

VECTORS = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "vectors" / "dockerignore-builds.json").read_text("utf8")
)
CASES: list[dict[str, Any]] = [*VECTORS["cases"], *VECTORS["derived"]]


def content(what: Any, case: dict[str, Any]) -> str | bytes | Entry:
    if what == "@dockerfile":
        return str(case["dockerfile"])
    if isinstance(what, str):
        return what
    if "symlink" in what:
        return Entry(FileKind.SYMLINK, target=what["symlink"])
    (kind, members), *_ = what.items()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz" if kind == "tar.gz" else "w") as archive:
        for name, inner in members.items():
            member = tarfile.TarInfo(name)
            data = b""
            if isinstance(inner, dict):
                member.type, member.linkname = tarfile.SYMTYPE, inner["symlink"]
            else:
                data = inner.encode()
                member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def image_of(case: dict[str, Any]) -> tuple[Image, MemoryTree]:
    tree = MemoryTree({f"context/{name}": content(what, case) for name, what in case["context"].items()})
    ignore = ignore_file_for(tree, "/context/" + case.get("file", "Dockerfile"), "/context")
    image = build(
        parse(case["dockerfile"].encode(), case.get("file", "Dockerfile")),
        context=BuildContext(tree, "/context", ignore),
        target=case.get("target"),
        build_args=case.get("build_args", {}),
        run=OpaqueRun(),
        checkout=tree,
    )
    return image, tree


FAILING = [case for case in CASES if "error_contains" in case]
PASSING = [case for case in CASES if "error_contains" not in case]


def refusal(case: dict[str, Any]) -> str:
    """What the build is refused for; a missing source in the engine's words."""
    try:
        image, _ = image_of(case)
    except ParityError as error:
        return error.message
    return "; ".join(f'"{missing.path}": not found' for missing in image.missing_sources)


@pytest.mark.parametrize("case", FAILING, ids=[case["name"] for case in FAILING])
def test_refused_build(case: dict[str, Any]) -> None:
    assert case["error_contains"] in refusal(case)


@pytest.mark.parametrize("case", PASSING, ids=[case["name"] for case in PASSING])
def test_build(case: dict[str, Any]) -> None:
    image, tree = image_of(case)
    assert image.missing_sources == ()
    for path, what in case["present"].items():
        found = image.tree.lookup(clean(path))
        if "urls" in case and isinstance(found, Unknown):
            continue
        assert isinstance(found, Entry), path
        if what == "@url":
            assert isinstance(image.tree.read(clean(path)), Unknown)
        elif isinstance(what, dict) and "dir" in what:
            assert found.kind is FileKind.DIRECTORY
            if "empty" in what:
                assert image.tree.names(clean(path)) == frozenset()
        elif isinstance(what, dict):
            assert (found.kind, found.target) == (FileKind.SYMLINK, what["symlink"])
        else:
            expected = (
                tree.read(f"/context/{what[1:]}") if what[0:1] == "@" and what != "@dockerfile" else what
            )
            expected = case["dockerfile"] if what == "@dockerfile" else expected
            expected = expected.encode() if isinstance(expected, str) else expected
            assert image.tree.read(follow(image.tree, clean(path)).path) == expected
    listed = {path for path, _ in image.tree.listing()}
    for path in case["absent"]:
        assert isinstance(image.tree.lookup(clean(path)), Absent), path
        assert clean(path) not in listed
