"""What does uv do to the files of the image? (uv: `uv-cli`, `uv-workspace`, `commands/project/sync.rs`)"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from parity.installers.add import EVERYTHING, add
from parity.installers.install import Installation, find_upwards, hide_environment
from parity.installers.pip import VALUED, collect, install, interpreter_at, uninstall
from parity.installers.pip_tools import compiled, exactly, listed
from parity.installers.subcommand import Subcommand, subcommand
from parity.installers.venv import create, make_environment
from parity.installers.wheels import build
from parity.model.location import May, Unknown
from parity.model.packages import NOTHING_INSTALLED, Installed, SitePackages, normalized
from parity.model.version import PythonVersion
from parity.packages.declared import declared, manifest_of
from parity.packages.environment import Environment, environment_of, find_interpreter
from parity.packages.locks.closure import Lock, Need, Needs
from parity.packages.locks.read import read_lock
from parity.packages.options import Given, read, split_command
from parity.packages.project import Project, file_name_form, read_project, strings, table
from parity.packages.requirements import Local
from parity.patterns.globs import matches
from parity.programs.arguments import CommandFunction
from parity.shell.host import Call
from parity.shell.status import Output, Status
from parity.shell.word import Word
from parity.tree.base import Absent, Entry, join, parent_of
from parity.tree.links import follow, is_folder
from parity.tree.writable import WritableTree

PROJECT = VALUED + (
    " --extra --group --no-group --only-group --package --no-install-package --with --with-editable "
    "--env-file --with-requirements --module -m --active-path --python-preference --fork-strategy "
    "--no-extra -w --script -s"
)
RUN_VALUED = " ".join(name for name in PROJECT.split() if name not in ("-m", "--module", "-s", "--script"))
HARMLESS = frozenset("lock tree version cache help self auth publish format".split())
MOST_MEMBERS = 300


def uv(call: Call, files: WritableTree) -> Status | Output | Call | None:
    called = subcommand(call, PROJECT, HARMLESS)
    if not isinstance(called, Subcommand):
        return called
    before, command, words = called.before, called.name, called.words
    if moved := before.last("--directory"):
        call = replace(call, working_directory=join(called.folder, moved))
    given = read(words, PROJECT + " --install-dir")
    _may_fetch_python(call, files, given if command == "python" else None)
    if command == "python":
        return Status.UNKNOWN
    if command == "pip":
        return _pip(call, files, words)
    if command == "run":
        return _run(call, files, words)
    given = read(words, PROJECT)
    if moved := given.last("--directory"):
        call = replace(call, working_directory=join(call.working_directory or "/", moved))
    match command:
        case "sync":
            return sync(call, files, before, given)
        case "add" if not given.has("--no-sync", "--frozen", "--script", "--package"):
            return _add(call, files, before, given)
        case "venv":
            python = find_interpreter("python3", call.environment, files) or "/usr/local/bin/python3"
            named = given.operand(0) or call.environment.get("UV_PROJECT_ENVIRONMENT") or ".venv"
            name = replace(call.words[0], text=named)
            inner = replace(
                call, words=(*call.words[:1], *(w for w in words if w not in given.operands), name)
            )
            made = create(inner, files, python, has_pip=given.has("--seed"))
            if given.has("--relocatable") or call.environment.get("UV_VENV_RELOCATABLE"):
                place = follow(files, join(call.working_directory or "/", f"{named}/bin/activate")).path
                files.obscure(place, Unknown("where the environment lies is not known", call.location))
            return made
        case "export":
            return _export(call, files, given)
        case "build":
            given = read(words, f"{PROJECT} -o --out-dir")
            here = call.working_directory or "/"
            told = given.last("-o", "--out-dir")
            out = join(here, told) if told else join(join(here, given.operand(0) or "."), "dist")
            wheel, sdist = given.has("--wheel"), given.has("--sdist")
            if given.has("--package", "--all-packages", "--all"):
                unknown = Unknown(
                    "what the archives of the project hold is not known", call.location, May.SOURCES
                )
                files.make_directory(follow(files, out).path)
                files.obscure(follow(files, out).path, unknown, suffixes=(".whl", ".tar.gz"))
                return Status.UNKNOWN
            source = join(here, given.operand(0) or ".")
            return build(call, files, source, out, wheel=wheel or not sdist, sdist=sdist or not wheel)
        case "tool":
            unknown = Unknown(
                "which programs uv installs is not known",
                call.location,
                May.DISTRIBUTIONS,
                installed=NOTHING_INSTALLED,
            )
            for folder in ("/root/.local", "/usr/local/bin", call.environment.get("UV_TOOL_BIN_DIR", "")):
                if folder.startswith("/"):
                    files.obscure(follow(files, folder).path, unknown)
            return Status.UNKNOWN if given.operand(0) in ("install", "list", "update-shell", "dir") else None
    return None


def _may_fetch_python(call: Call, files: WritableTree, given: Given | None) -> None:
    """An interpreter, where uv keeps its own. (uv: `ManagedPythonInstallations::from_settings`)

    `given`: the words of `uv python`; other commands fetch one where they find none that fits.
    """
    told = given.last("-i", "--install-dir") if given else ""
    folder = told or call.environment.get("UV_PYTHON_INSTALL_DIR", "")
    if not folder and given is None:
        return
    home = call.environment.get("HOME", "/root")
    data = call.environment.get("XDG_DATA_HOME") or join(home, ".local/share")
    place = join(call.working_directory or "/", folder) if folder else join(data, "uv/python")
    unknown = Unknown("which Python uv installs is not known", call.location, May.SYSTEM)
    files.obscure(follow(files, place).path, unknown)


def _export(call: Call, files: WritableTree, given: Given) -> Output | None:
    """What is locked, and the projects of the workspace unless they are left out."""
    output = given.last("-o", "--output-file")
    if output is None and given.has("-o", "--output-file"):
        return None
    found = _workspace(join(call.working_directory or "/", given.last("--project") or "."), files)
    told = _wanted(found, given, call, files, None) if isinstance(found, Workspace) else None
    packages = isinstance(found, Workspace) and any(map(_is_package, found.members.values()))
    left_out = given.has("--no-emit-project", "--no-emit-workspace", "--no-emit-local")
    unknown = Unknown(
        "what uv exports is not known", call.location, May.of_installer(others_only=left_out or not packages)
    )
    installed = SitePackages((told,)) if told else None
    return listed(call, files, output or "", replace(unknown, installed=installed))


def _pip(call: Call, files: WritableTree, words: tuple[Word, ...]) -> Status | Output | None:
    _, command, rest = split_command(words, VALUED)
    given = read(rest, VALUED)
    if command in ("compile", "list", "show", "freeze", "check", "tree", ""):
        if command == "compile":
            return compiled(call, files, given, given.last("-o", "--output-file") or "")
        return Status.UNKNOWN
    if command in ("install", "sync", "uninstall"):
        python = _python_for_pip(call, files, given)
        if python is None:
            return None
        if command == "uninstall":
            return uninstall(call, files, given, environment_of(python, files))
        if command == "sync":
            given = exactly(given)
        return install(call, files, given, environment_of(python, files))
    if command in ("wheel", "download"):
        return collect(call, files, given, ("-w", "--wheel-dir", "-d", "--dest"))
    return None


def _python_for_pip(call: Call, files: WritableTree, given: Given) -> str | None:
    """--python, --system, VIRTUAL_ENV, CONDA_PREFIX, the nearest .venv, then the first on PATH."""
    if text := given.last("-p", "--python") or call.environment.get("UV_PYTHON"):
        return interpreter_at(text, call, files)
    on = call.environment.get("UV_SYSTEM_PYTHON", "").lower() in ("1", "true", "yes", "on")
    if not given.has("--system") and not on:
        for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
            if (folder := call.environment.get(name, "")).startswith("/"):
                return join(folder, "bin/python")
        near = find_upwards(files, call.working_directory or "/", ".venv/pyvenv.cfg")
        if isinstance(near, str):
            return join(near, ".venv/bin/python")
    return find_interpreter("python3", call.environment, files)


class Workspace(Struct, frozen=True):
    """`project`: the one that is worked on; None: the root is no project itself. `members`: by name."""

    root: str
    project: Project | None
    members: Mapping[str, Project]


def _workspace(folder: str, files: WritableTree) -> Workspace | Unknown | None:
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


def sync(call: Call, files: WritableTree, before: Given, given: Given) -> Status | None:
    folder = join(call.working_directory or "/", given.last("--project") or before.last("--project") or ".")
    found = _workspace(folder, files)
    if found is None:
        return Status.FAILURE
    if given.has("--dry-run", "--script"):
        return Status.UNKNOWN
    root = found.root if isinstance(found, Workspace) else folder
    environment = _project_environment(
        call, files, given, root, found if isinstance(found, Workspace) else None
    )
    done = Installation(call, files, environment)
    done.packages_of_others(
        _wanted(found, given, call, files, environment.version) if isinstance(found, Workspace) else None
    )
    if isinstance(found, Unknown):
        done.hide(done.unknown("what the project installs is not known: its pyproject.toml is not"))
        return Status.UNKNOWN
    done.others = False
    for project in _installed(found, given).values():
        if _is_package(project):
            is_editable = not given.has("--no-editable") and not call.environment.get("UV_NO_EDITABLE")
            if done.built(project, editable=is_editable) is Status.FAILURE:
                return Status.FAILURE
    for local in _beside(found, given):
        done.project(local)
    return Status.UNKNOWN


def _add(call: Call, files: WritableTree, before: Given, given: Given) -> Status | None:
    """The project is synchronized, with what is added."""
    folder = join(call.working_directory or "/", given.last("--project") or before.last("--project") or ".")
    found = _workspace(folder, files)
    if not isinstance(found, Workspace) or found.project is None:
        return None
    active = frozenset(["--active"]) & given.flags
    chosen = replace(EVERYTHING, flags=EVERYTHING.flags | active)
    if sync(call, files, before, chosen) is Status.FAILURE:
        return None
    environment = _project_environment(call, files, chosen, found.root, found)
    add(call, files, given, environment, found.project.root, "uv.lock")
    return Status.UNKNOWN


def _project_environment(
    call: Call, files: WritableTree, given: Given, root: str, workspace: Workspace | None
) -> Environment:
    """UV_PROJECT_ENVIRONMENT, VIRTUAL_ENV with --active, else .venv of the workspace; made if need be."""
    active = call.environment.get("VIRTUAL_ENV", "")
    named = call.environment.get("UV_PROJECT_ENVIRONMENT")
    prefix = active if given.has("--active") and active.startswith("/") else join(root, named or ".venv")
    python = join(prefix, "bin/python")
    if isinstance(follow(files, python).answer, Entry) or is_folder(files, join(prefix, "lib")):
        if isinstance(follow(files, python).answer, Absent):
            python = join(prefix, "bin/python3")
        there = follow(files, python).answer
        if not isinstance(there, Absent) and not (isinstance(there, Unknown) and there.location is None):
            return environment_of(python, files)
    base = find_interpreter("python3", call.environment, files) or "/usr/local/bin/python3"
    wanted = given.last("-p", "--python") or call.environment.get("UV_PYTHON") or _pinned(files, root)
    version = PythonVersion.parse(wanted.removeprefix("python").removeprefix("cpython-")) if wanted else None
    own = environment_of(base, files)
    if version is None and own.version is not None and workspace is not None:
        version = own.version if _allows(workspace, own.version) else None
        if version is None:
            own = replace(own, version=None)
            base = "/usr/bin/python3-of-uv"
    unknown = Unknown("which Python uv takes for the environment is not known", call.location)
    if isinstance(follow(files, prefix).answer, Unknown):
        files.remove(follow(files, prefix).path)  # uv makes one anew where it finds none that works
    return make_environment(prefix, base, files, unknown, version=version, has_pip=False)


def _pinned(files: WritableTree, root: str) -> str | None:
    content = files.read(follow(files, join(root, ".python-version")).path)
    return None if isinstance(content, Unknown) else content[:100].decode("ascii", "replace").strip()


def _allows(workspace: Workspace, version: PythonVersion) -> bool:
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


def _is_package(project: Project) -> bool:
    """uv: `PyProjectToml::is_package`."""
    told = project.table("tool", "uv").get("package")
    return told if isinstance(told, bool) else "build-system" in project.pyproject


def _installed(found: Workspace, given: Given) -> dict[str, Project]:
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


def _wanted(
    found: Workspace, given: Given, call: Call, files: WritableTree, python: PythonVersion | None
) -> Installed | None:
    """What a sync installs from an index: as uv.lock says, else as the projects declare it."""
    only_groups = given.has("--only-group", "--only-dev")
    asked = replace(given, flags=given.flags - LOCAL_FLAGS)
    projects = _installed(found, asked) if not only_groups else {}
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


def _beside(found: Workspace, given: Given) -> list[Local]:
    """Projects outside the workspace: `[tool.uv.sources] x = {path = "../x"}`."""
    if given.has("--no-install-local"):
        return []
    locals_: list[Local] = []
    for project in _installed(found, replace(given, flags=given.flags - {"--no-install-project"})).values():
        needed = set(_needed(project, given))
        for name, source in project.table("tool", "uv", "sources").items():
            for one in source if isinstance(source, list) else (source,):
                path = table(one).get("path")
                if isinstance(path, str) and file_name_form(name) in needed:
                    editable = table(one).get("editable") is True and not given.has("--no-editable")
                    if table(one).get("package") is not False:
                        locals_.append(Local(join(project.root, path), editable))
    return locals_


def _run(call: Call, files: WritableTree, words: tuple[Word, ...]) -> Call | None:
    """`uv run x`: the project is synchronized, unless told not to, and `x` runs in its environment."""
    number = _command_at(words)
    inner = words[number + 1 :] if number < len(words) and words[number].text == "--" else words[number:]
    if not inner or any(word.text is None for word in words[:number]):
        return None
    given = read(words[:number], RUN_VALUED)
    if moved := given.last("--directory"):
        call = replace(call, working_directory=join(call.working_directory or "/", moved))
    if given.has("-m", "--module"):
        inner = (replace(inner[0], text="python"), replace(inner[0], text="-m"), *inner)
    elif given.has("-s", "--script") or (inner[0].text or "").endswith(".py"):
        inner = (replace(inner[0], text="python"), *inner)
    environment = dict(call.environment)
    if _has_own_requirements(call, files, inner):
        python = find_interpreter("python3", call.environment, files) or "/usr/local/bin/python3"
        _with(call, files, python)
    elif not given.has("--no-project", "--isolated"):
        folder = join(call.working_directory or "/", given.last("--project") or ".")
        near = find_upwards(files, folder, "pyproject.toml")
        if isinstance(near, str):
            stays = given.has("--no-sync") or _is_set(environment, "UV_NO_SYNC")
            if not stays and sync(call, files, read((), PROJECT), given) is Status.FAILURE:
                return None
            found = _workspace(near, files)
            root = found.root if isinstance(found, Workspace) else near
            prefix = join(root, environment.get("UV_PROJECT_ENVIRONMENT") or ".venv")
            environment["VIRTUAL_ENV"] = prefix
            environment["PATH"] = f"{prefix}/bin:{environment.get('PATH', '')}"
    if given.has("--with", "--with-requirements", "--with-editable"):
        _with(call, files, join(environment.get("VIRTUAL_ENV", "/usr/local"), "bin/python"))
    return replace(call, words=tuple(inner), environment=environment)


def _command_at(words: tuple[Word, ...]) -> int:
    """Where the options of `uv run` end."""
    names = frozenset(RUN_VALUED.split())
    number = 0
    while number < len(words):
        text = words[number].text
        if text is None or text == "--" or not text.startswith("-"):
            break
        number += 2 if text in names else 1
    return number


def _has_own_requirements(call: Call, files: WritableTree, inner: tuple[Word, ...]) -> bool:
    """Does the script list what it needs (PEP 723)? It then has an environment to itself."""
    script = inner[1].text if len(inner) > 1 and inner[0].text == "python" else None
    if not script or not script.endswith(".py"):
        return False
    content = files.read(follow(files, join(call.working_directory or "/", script)).path)
    return isinstance(content, bytes) and b"\n# /// script" in b"\n" + content[:100_000]


def _with(call: Call, files: WritableTree, python: str) -> None:
    """Packages for this program alone, in an environment that is made for it."""
    unknown = Unknown(
        "what uv installs for this program alone is not known", call.location, May.DISTRIBUTIONS
    )
    hide_environment(files, environment_of(python, files), unknown)


def _is_set(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "").lower() in ("1", "true", "yes", "on")


COMMANDS: dict[str, CommandFunction] = {"uv": uv}
