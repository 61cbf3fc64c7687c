"""What do `poetry build`, `uv build`, `python -m build` and `pip wheel` leave: the project's own wheel?

A wheel that is built here is the project's folder as it was then; what of it is installed is asked when it is.
"""

from __future__ import annotations

import re

from packaging.version import InvalidVersion, Version

from parity.model.location import May, Unknown
from parity.packages.backends import contents_of
from parity.packages.project import Project, read_project
from parity.shell.host import Call
from parity.shell.status import Status
from parity.tree.base import Absent, Entry, Packed, join
from parity.tree.links import follow
from parity.tree.writable import WritableTree

SUFFIXES = (".whl", ".tar.gz")


def build(
    call: Call, files: WritableTree, folder: str, out: str, *, wheel: bool = True, sdist: bool = True
) -> Status:
    """The archives of the project in `folder`, put into the folder `out`; image paths."""
    place = follow(files, out).path
    files.make_directory(place)
    unknown = Unknown("what the archives of the project hold is not known", call.location, May.SOURCES)
    project = read_project(follow(files, folder).path, files)
    if not isinstance(project, Project) or not project.name or not _is_plain(project, files):
        files.obscure(place, unknown, suffixes=SUFFIXES)
        return Status.UNKNOWN
    name = archive_name(project)
    if name is None:
        files.obscure(place, unknown, suffixes=SUFFIXES)
        name = f"{_as_in_archives(project.name)}-0"  # whatever its version
    content = Packed(files.snapshot(), project.root)
    if sdist:
        files.write(join(place, f"{name}.tar.gz"), unknown)
    if wheel:
        files.write(join(place, f"{name}-py3-none-any.whl"), content)
    return Status.UNKNOWN


def archive_name(project: Project) -> str | None:
    """`name-version` as archives have it (PyPA: binary distribution format); None where the version is computed."""
    version = project.table("project").get("version") or project.table("tool", "poetry").get("version")
    if not isinstance(version, str) or not project.name:
        return None
    try:
        return f"{_as_in_archives(project.name)}-{Version(version)}"
    except InvalidVersion:
        return None


def _as_in_archives(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def _is_plain(project: Project, files: WritableTree) -> bool:
    """Is it known what its wheel holds, and has it no compiled module?"""
    found = contents_of(project, files)
    return project.unknown is None and not (found.unknown or found.failure or found.generated)


def packed_project(path: str, files: WritableTree) -> Packed | None:
    """The project that a wheel was built of, where that was seen."""
    answer = follow(files, path).answer
    packed = answer.packed if isinstance(answer, Entry) else None
    if packed is None or isinstance(packed.files.lookup(packed.folder), Absent):
        return None
    return packed if isinstance(read_project(packed.folder, packed.files), Project) else None
