"""Drawn projects, built by a real engine: its image holds what the model says, and it refuses what the model refuses.

PARITY_ENGINE names the engine, PARITY_ENGINE_EXAMPLES how many projects are drawn for each seed, and
PARITY_ENGINE_SEED the seeds (`7`, or `0-9`).
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, seed, settings

from parity.build.evaluate import build
from parity.build.image import Image
from parity.build.run import ShellRun
from parity.build.stages import find_parent, find_source, sources_of
from parity.context.build_context import BuildContext, ignore_file_for
from parity.dockerfile.parse import parse
from parity.model.errors import ParityError
from parity.model.location import Unknown
from parity.tree.base import Absent, Entry, FileKind, clean
from parity.tree.disk import DiskTree
from tests.support.engine import Engine, Made, NoEngineError, Refused
from tests.support.projects import Project, projects

EXAMPLES = int(os.environ.get("PARITY_ENGINE_EXAMPLES", "40"))
FIRST, _, LAST = os.environ.get("PARITY_ENGINE_SEED", "0-1").partition("-")
SEEDS = range(int(FIRST), int(LAST or FIRST) + 1)


@pytest.fixture(scope="module")
def engine() -> Engine:
    try:
        return Engine()
    except NoEngineError as why:
        pytest.skip(str(why))


def is_deadly(project: Project) -> bool:
    """Does a stage need one that is FROM it?

    BuildKit (isReachable) follows such stages without end, until the whole engine dies of it.
    """
    data = project.files[project.dockerfile]
    try:
        dockerfile = parse(data, project.dockerfile) if isinstance(data, bytes) else None
        if dockerfile is None:
            return False
        needs: dict[int, set[int]] = {}
        for stage in dockerfile.stages:
            named = (find_source(dockerfile, one) for step in stage.instructions for one in sources_of(step))
            parent = find_parent(dockerfile, stage.base.image, stage.index)
            needs[stage.index] = {number for number in (*named, parent) if number is not None}
    except ParityError:
        return False
    for _ in needs:
        for number in needs:
            needs[number] |= {far for near in needs[number] for far in needs[near]}
    return any(number in reached for number, reached in needs.items())


def model_of(project: Project, folder: Path) -> Image | str:
    """The image, or why there is none."""
    tree = DiskTree(folder)
    path, root = clean(project.dockerfile), clean(project.context)
    data = tree.read(path)
    assert isinstance(data, bytes)
    try:
        image = build(
            parse(data, project.dockerfile),
            context=BuildContext(tree, root, ignore_file_for(tree, path, root)),
            target=project.target,
            build_args=project.build_args,
            run=ShellRun(),
            checkout=tree,
        )
        list(image.tree.listing())
    except ParityError as error:
        return f"{error.location}: {error.message}"
    return f"missing: {image.missing_sources}" if image.missing_sources else image


def differences(model: Image | str, real: Mapping[str, Made] | Refused, *, folders: bool) -> list[str]:
    """Where the model says another thing than the engine; that it cannot know is no difference.

    `folders`: the mode and the owner of folders count.
    """
    if isinstance(model, str):
        return [] if isinstance(real, Refused) else [f"refused by the model alone: {model}"]
    if isinstance(real, Refused):
        return [] if model.unknowns else [f"refused by the engine alone: {real.message}"]
    listed = dict(model.tree.listing())
    found = [f"{path}: the model alone has it" for path in listed if path not in real]
    for path, made in real.items():
        answer = model.tree.lookup(path)
        if isinstance(answer, Absent):
            found.append(f"{path}: the engine alone has it, {made}")
        elif isinstance(answer, Entry):
            if folders or answer.kind is not FileKind.DIRECTORY or made.kind != "dir":
                found += [f"{path}: {what}" for what in unlike(model, path, answer, made)]
            found += [] if path in listed else [f"{path}: not listed"]
    return found


def unlike(model: Image, path: str, entry: Entry, made: Made) -> list[str]:
    if entry.kind.value != made.kind:
        return [f"{entry.kind.value}, the engine's {made.kind}"]
    found = []
    if entry.kind is FileKind.SYMLINK:
        return [f"to {entry.target}, the engine's to {made.target}"] if entry.target != made.target else []
    if entry.mode is not None and entry.mode != made.mode:
        found.append(f"mode {entry.mode:o}, the engine's {made.mode:o}")
    if entry.owner is not None and numbered(entry.owner) != made.owner:
        found.append(f"owner {entry.owner}, the engine's {made.owner}")
    content = model.tree.read(path) if entry.kind is FileKind.FILE else made.content
    if not isinstance(content, Unknown) and content != made.content:
        found.append(f"content {content!r}, the engine's {made.content!r}")
    return found


def is_older(engine: Engine, model: Image | str, real: Mapping[str, Made] | Refused) -> bool:
    """Is this the refusal of an old builder that follows every link below what a wildcard matches?"""
    return (
        "dead links" not in engine.features
        and isinstance(model, Image)
        and isinstance(real, Refused)
        and re.search(r"failed to calculate checksum .*(not found|too many)", real.message) is not None
    )


def are_alike(engine: Engine, project: Project) -> bool:
    """Has every builder the same metadata for folders? A merge lays new ones over those that are there."""
    return not project.says(b"--link") and ("folder modes" in engine.features or not project.says(b"--chmod"))


def numbered(owner: str) -> str:
    """Docker: a user without a group has the group of the same number; root is 0 in any image."""
    owner = "0" if owner == "root" else owner
    return owner if ":" in owner else f"{owner}:{owner}"


@pytest.mark.engine
@pytest.mark.parametrize("number", SEEDS)
def test_the_image_is_that_of_the_engine(engine: Engine, number: int) -> None:
    @seed(number)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(projects(engine.features))
    def compare(project: Project) -> None:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            project.lay_out(folder)
            if is_deadly(project):
                event("kills builders")
                return
            real = engine.build(
                folder, project.dockerfile, project.context, project.target, project.build_args
            )
            model = model_of(project, folder)
            event("refused" if isinstance(real, Refused) else "built")
            if isinstance(model, Image) and model.unknowns:
                event("not all is known")
            if is_older(engine, model, real):
                event("refused by old builders")
                return
            assert differences(model, real, folders=are_alike(engine, project)) == []

    compare()
