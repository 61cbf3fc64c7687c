"""Which projects belong to a workspace of uv, and which environment is theirs?"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from parity.installers.install import find_upwards
from parity.model.location import Unknown
from parity.model.version import PythonVersion
from parity.packages.project import Project, read_project, strings, table
from parity.patterns.globs import matches
from parity.tree.base import Absent, Entry, join, parent_of
from parity.tree.links import follow, is_folder
from parity.tree.writable import WritableTree

MOST_MEMBERS = 300


class Workspace(Struct, frozen=True):
    """`project`: the one that is worked on; None: the root is no project itself. `members`: by name."""

    root: str
    project: Project | None
    members: Mapping[str, Project]


def workspace(folder: str, files: WritableTree) -> Workspace | Unknown | None:
    """uv: `Workspace::discover`: the nearest pyproject.toml, and the root whose members it is one of."""
    near = find_upwards(files, folder, "pyproject.toml")
    if near is None or isinstance(near, Unknown):
        return near
    own = read_project(near, files)
    if isinstance(own, Absent | Unknown):
        return own if isinstance(own, Unknown) else None
    root, top = near, own
    above = near
    while not table(top.pyproject, "tool", "uv", "workspace") and above != "/":
        above = parent_of(above)
        if isinstance(follow(files, join(above, "pyproject.toml")).answer, Entry):
            other = read_project(above, files)
            if isinstance(other, Project) and table(other.pyproject, "tool", "uv", "workspace"):
                patterns = strings(table(other.pyproject, "tool", "uv", "workspace").get("members"))
                if any(matches(pattern, near[len(above) :].strip("/")) for pattern in patterns):
                    root, top = above, other
                break
    members = {}
    settings = table(top.pyproject, "tool", "uv", "workspace")
    for place in _members(files, root, strings(settings.get("members")), strings(settings.get("exclude"))):
        member = read_project(place, files)
        if isinstance(member, Project):
            members[member.name] = member
    if "project" in top.pyproject:
        members[top.name] = top
    if "project" in own.pyproject:
        members[own.name] = own
    return Workspace(root, own if "project" in own.pyproject else None, members)


def _members(
    files: WritableTree, root: str, patterns: tuple[str, ...], left_out: tuple[str, ...]
) -> list[str]:
    found = [root]
    done: list[str] = []
    for pattern in patterns[:100]:
        found = [root]
        for part in [part for part in pattern.split("/") if part not in ("", ".")][:20]:
            step = []
            for folder in found:
                names = files.names(follow(files, folder).path)
                listed = () if isinstance(names, Unknown) else sorted(names)
                step += [join(folder, name) for name in listed if matches(part, name)]
                if part == "**":
                    step.append(folder)
            found = step[:MOST_MEMBERS]
        done += [
            one
            for one in found
            if is_folder(files, one)
            and not any(matches(other, one[len(root) :].strip("/")) for other in left_out)
        ]
    return list(dict.fromkeys(done))[:MOST_MEMBERS]


def pinned(files: WritableTree, root: str) -> str | None:
    content = files.read(follow(files, join(root, ".python-version")).path)
    return None if isinstance(content, Unknown) else content[:100].decode("ascii", "replace").strip()


def allows(workspace: Workspace, version: PythonVersion) -> bool:
    """Does `requires-python` allow this minor version?"""
    for project in workspace.members.values():
        text = project.table("project").get("requires-python")
        if isinstance(text, str) and len(text) < 200:
            # Asked for a late patch level: `>=3.11.4` is met by 3.11.
            try:
                if not SpecifierSet(text).contains(f"{version}.99"):
                    return False
            except InvalidSpecifier:
                return False
    return True


def is_package(project: Project) -> bool:
    """uv: `PyProjectToml::is_package`."""
    told = project.table("tool", "uv").get("package")
    return told if isinstance(told, bool) else "build-system" in project.pyproject
