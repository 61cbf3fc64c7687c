"""Builds an image from a Dockerfile text and a few files, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from parity.build.evaluate import build
from parity.build.image import Image
from parity.build.run import ShellRun
from parity.build.step import RunInterpreter, RunStep
from parity.context.build_context import BuildContext, ignore_file_for
from parity.dockerfile.parse import parse
from parity.image.builder import ImageBuilder
from parity.image.tree import ImageTree
from parity.model.location import Location, Unknown
from parity.tree.base import Entry, FileTree
from parity.tree.memory import MemoryTree
from parity.tree.writable import WritableTree


def built(
    dockerfile: str,
    files: Mapping[str, str | bytes | Entry | None],
    *,
    context: str = "/",
    target: str | None = None,
    build_args: Mapping[str, str] | None = None,
    named_contexts: Mapping[str, FileTree] | None = None,
    run: RunInterpreter | None = None,
) -> Image:
    tree = MemoryTree(files)
    return build(
        parse(dedent(dockerfile).encode(), "Dockerfile"),
        context=BuildContext(tree, context, ignore_file_for(tree, "/Dockerfile", context)),
        target=target,
        build_args=build_args or {},
        named_contexts=named_contexts or {},
        run=run or ShellRun(),
        checkout=tree,
    )


def at(line: int) -> Location:
    """The place of an instruction of one line."""
    return Location("Dockerfile", line, 1, line)


def overlay(tree: FileTree) -> ImageBuilder:
    """Files that may be changed, over others that stay as they are."""
    return ImageBuilder(ImageTree.of(tree, tree), tree)


class OpaqueRun:
    """Knows nothing: any step may have written anything below its working directory."""

    def run(self, step: RunStep, files: WritableTree) -> tuple[Unknown, ...]:
        unknown = Unknown("what this RUN step does is not known", step.location)
        files.obscure(step.working_directory, unknown)
        return (unknown,)
