"""Which distributions does a call of uv install: groups, extras, members of the workspace?"""

from __future__ import annotations

from msgspec.structs import replace

from parity.installers.uv_workspace import Workspace
from parity.model.location import Unknown
from parity.model.packages import Installed, normalized
from parity.model.version import PythonVersion
from parity.packages.declared import declared, manifest_of
from parity.packages.locks.closure import Lock, Need, Needs
from parity.packages.locks.read import read_lock
from parity.packages.options import Given
from parity.packages.project import Project, file_name_form, strings, table
from parity.packages.requirements import Local
from parity.shell.host import Call
from parity.tree.base import join
from parity.tree.writable import WritableTree


def installed(found: Workspace, given: Given) -> dict[str, Project]:
    """The workspace's projects that a sync installs: those asked for, and those that they need."""
    if given.has("--no-install-workspace", "--no-install-local", "--only-group", "--only-dev"):
        return {}
    if given.has("--all-packages") or (found.project is None and not given.has("--package")):
        start = list(found.members)
    elif given.has("--package"):
        start = [file_name_form(name) for name in given.all("--package") if name]
    else:
        start = [found.project.name] if found.project else []
    left_out = {file_name_form(name) for name in given.all("--no-install-package") if name}
    if given.has("--no-install-project") and found.project is not None:
        left_out.add(found.project.name)
    chosen: dict[str, Project] = {}
    todo = start
    while todo:
        name = todo.pop()
        project = found.members.get(name)
        if project is None or name in chosen:
            continue
        chosen[name] = project
        todo += [one for one in _needed(project, given) if one in found.members]
    return {name: project for name, project in sorted(chosen.items()) if name not in left_out}


LOCAL_FLAGS = frozenset(["--no-install-workspace", "--no-install-local", "--no-install-project"])


def wanted(
    found: Workspace, given: Given, call: Call, files: WritableTree, python: PythonVersion | None
) -> Installed | None:
    """What a sync installs from an index: as uv.lock says, else as the projects declare it."""
    only_groups = given.has("--only-group", "--only-dev")
    asked = replace(given, flags=given.flags - LOCAL_FLAGS)
    projects = installed(found, asked) if not only_groups else {}
    if only_groups and found.project is not None:
        projects = {found.project.name: found.project}
    if call.environment.get("UV_NO_DEV", "").lower() in ("1", "true"):
        given = replace(given, flags=given.flags | {"--no-dev"})
    lock = read_lock(found.root, "uv.lock", files)
    if isinstance(lock, Lock):
        wanted: list[Need] = []
        others: dict[str, Needs] = {}
        for project in projects.values():
            locked = lock.named(normalized(project.name)) or lock.root
            if locked is None:
                return None
            wanted += () if only_groups else locked.needs
            for extra, needs in locked.extras.items():
                if _is_extra_asked(extra, given) and not only_groups:
                    wanted += needs
                else:
                    others[extra] = (*others.get(extra, ()), *needs)
            for group, needs in locked.groups.items():
                if _is_group_asked(group, project, given):
                    wanted += needs
                else:
                    others[group] = (*others.get(group, ()), *needs)
        return lock.install(wanted, others, python)
    if isinstance(lock, Unknown):
        return None
    parts = []
    for project in projects.values():
        told = declared(project, python, manifest_of(project, files))
        if told.dynamic:
            return None
        extras = [extra for extra in told.extras if _is_extra_asked(extra, given)]
        groups = [group for group in told.groups if _is_group_asked(group, project, given)]
        parts.append(told.install(extras, groups, own=not only_groups))
    return Installed(
        tuple(one for part in parts for one in part.distributions),
        left_out=tuple(one for part in parts for one in part.left_out),
    )


def _is_extra_asked(extra: str, given: Given) -> bool:
    asked = extra in {normalized(name) for name in given.all("--extra") if name} or given.has("--all-extras")
    return asked and extra not in {normalized(name) for name in given.all("--no-extra") if name}


def _is_group_asked(group: str, project: Project, given: Given) -> bool:
    told = project.table("tool", "uv").get("default-groups")
    default = strings(told) or ("dev",)
    only = {normalized(name) for name in given.all("--only-group") if name}
    if only or given.has("--only-dev"):
        return group in only or (given.has("--only-dev") and group == "dev")
    wanted = group in {normalized(name) for name in given.all("--group") if name} or given.has("--all-groups")
    usual = (group in default or told == "all") and not given.has("--no-default-groups")
    if group == "dev":
        usual = (usual and not given.has("--no-dev")) or given.has("--dev")
    return (wanted or usual) and group not in {normalized(name) for name in given.all("--no-group") if name}


def _needed(project: Project, given: Given) -> list[str]:
    """The names that a project requires, in the groups and extras that are installed."""
    told = declared(project, None)
    extras = [extra for extra in told.extras if _is_extra_asked(extra, given)]
    groups = [group for group in told.groups if _is_group_asked(group, project, given)]
    return [file_name_form(one.name) for one in told.install(extras, groups).distributions]


def beside(found: Workspace, given: Given) -> list[Local]:
    """Projects outside the workspace: `[tool.uv.sources] x = {path = "../x"}`."""
    if given.has("--no-install-local"):
        return []
    locals_: list[Local] = []
    for project in installed(found, replace(given, flags=given.flags - {"--no-install-project"})).values():
        needed = set(_needed(project, given))
        for name, source in project.table("tool", "uv", "sources").items():
            for one in source if isinstance(source, list) else (source,):
                path = table(one).get("path")
                if isinstance(path, str) and file_name_form(name) in needed:
                    editable = table(one).get("editable") is True and not given.has("--no-editable")
                    if table(one).get("package") is not False:
                        locals_.append(Local(join(project.root, path), editable))
    return locals_
