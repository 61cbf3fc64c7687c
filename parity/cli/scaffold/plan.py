"""What would `parity init` write into this repository?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from parity.cli.scaffold import configuration, github, pre_commit, vscode
from parity.cli.scaffold.source import Source
from parity.config.settings import ImageSettings


class Planned(Struct, frozen=True):
    """`path` is relative to the repository; `purpose` says in a few words what the file is for.

    `before`: what stands there, None for nothing; `text`: what is to stand there, the same where nothing is to do, None
    where only a person can say how the two go together; `own`: what we would say there.
    """

    path: str
    purpose: str
    before: str | None
    text: str | None
    own: str


EDITORS = {"vscode": vscode}
"""Editors that have a task of their own; the guide shows the others."""


def planned(
    images: Iterable[ImageSettings],
    configured: str,
    source: Source | None,
    editors: Iterable[str],
    read: Callable[[str], str | None],
) -> Iterator[Planned]:
    """`images`: those that were found; `configured`: the file with the configuration, "" where there is none.

    `editors`: names of EDITORS; `read`: the text of a file of the repository. Without a source there is no workflow: it
    could get `parity` from nowhere.
    """
    path = configured or "parity.toml"
    yield _new(path, "the images to check", configuration.rendered(images), read(path), "")
    if source is not None:
        path = ".github/workflows/parity.yml"
        yield _new(path, "the check in GitHub's CI", github.rendered(source), read(path), "parity check")
    yield _hook(source, read(".pre-commit-config.yaml"))
    for name in editors:
        editor = EDITORS[name]
        yield _new(editor.PATH, "the check as a task", editor.rendered(), read(editor.PATH), "parity")


def _new(path: str, purpose: str, own: str, before: str | None, mark: str) -> Planned:
    """`mark`: what a file of ours has in it, whatever else a person made of it; "" where any will do."""
    if before is None:
        return Planned(path, purpose, None, own, own)
    return Planned(path, purpose, before, before if mark in before else None, own)


def _hook(source: Source | None, before: str | None) -> Planned:
    path, purpose = ".pre-commit-config.yaml", "the check before each commit"
    own = pre_commit.rendered(source)
    if before is None:
        return Planned(path, purpose, None, own, own)
    text = before if pre_commit.is_set_up(before) else pre_commit.extended(before, source)
    return Planned(path, purpose, before, text, own)
