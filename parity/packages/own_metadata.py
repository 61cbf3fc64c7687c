"""Has the image the metadata of the project itself? An installer writes it; a COPY of the code does not."""

from __future__ import annotations

import re
from collections.abc import Iterable

from parity.model.location import May, Unknown
from parity.model.packages import normalized
from parity.packages.project import Project, file_name_form, read_project
from parity.tree.base import Absent, FileTree, join
from parity.tree.links import follow

METADATA = re.compile(r"(.+?)(?:-\d[^-]*)?(?:-py\d.*)?\.(?:dist-info|egg-info|egg-link)")
OF_OTHERS = (May.SYSTEM, May.DISTRIBUTIONS, May.ASSETS, May.NOTHING)
"""What installs no project of the checkout."""


def lacks_own_metadata(
    name: str, root: str, checkout: FileTree, files: FileTree, folders: Iterable[str]
) -> bool:
    """Is it the project at `root` that has this name, and is it installed in none of the folders for sure?

    `files` and `folders`: the image's, and its search path. CPython: importlib.metadata looks for `*.dist-info` and
    `*.egg-info` in each folder of `sys.path`.
    """
    project = read_project(root, checkout)
    own = normalized(project.name) if isinstance(project, Project) else ""
    if not own or own != normalized(name):
        return False
    probes = [f"{file_name_form(own)}-0.dist-info", f"{name}.egg-info"]
    return not any(
        _lists_metadata(own, folder, files) or any(_may_be(own, join(folder, one), files) for one in probes)
        for folder in folders
    )


def _lists_metadata(name: str, folder: str, files: FileTree) -> bool:
    names = files.names(folder)
    listed = () if isinstance(names, Unknown) else names
    return any((found := METADATA.fullmatch(one)) and normalized(found[1]) == name for one in listed)


def _may_be(name: str, path: str, files: FileTree) -> bool:
    """May an installer have put this there, with the distribution of that name?"""
    answer = follow(files, path).answer
    if not isinstance(answer, Unknown):
        return not isinstance(answer, Absent)
    for step in answer.steps:
        there = step.installed
        if step.may not in OF_OTHERS:
            return True
        if there is not None and (there.open or name in there.names or any(p.unnamed for p in there.parts)):
            return True
    return False
