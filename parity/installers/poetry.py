"""What does poetry do to the files? (poetry: `utils/env/env_manager.py`, `masonry/builders/editable.py`)

What `poetry config` sets is kept where poetry keeps it: config.toml of the user, poetry.toml of the project.
"""

from __future__ import annotations

import base64
import hashlib
import re

from msgspec.structs import replace

from parity.installers.add import EVERYTHING, add
from parity.installers.conda import active_environment
from parity.installers.install import Installation, find_upwards, path_requirements
from parity.installers.pip_tools import listed
from parity.installers.subcommand import Subcommand, subcommand
from parity.installers.venv import make_environment
from parity.installers.wheels import build
from parity.model.location import May, Unknown
from parity.model.packages import Installed, SitePackages
from parity.model.version import PythonVersion
from parity.packages.declared import declared, manifest_of
from parity.packages.environment import Environment, environment_of, find_interpreter, home_of
from parity.packages.locks.choose import choose
from parity.packages.locks.read import read_lock
from parity.packages.options import Given, read
from parity.packages.project import Project, read_project, table
from parity.packages.requirements import Local
from parity.programs.arguments import CommandFunction
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Outcome, Runs, Unreadable
from parity.shell.status import Output, Status
from parity.shell.word import Word
from parity.tree.base import Absent, Entry, FileKind, join
from parity.tree.links import follow
from parity.tree.toml import tables_of
from parity.tree.writable import WritableTree

VALUED = (
    "-C --directory -P --project --with --without --only -E --extras -G --group -f --format -o --output "
    "--source --python"
)
HARMLESS = frozenset(
    "lock check show about cache env self search version help list source publish debug shell init "
    "new".split()
)


def poetry(call: Call, files: WritableTree) -> Outcome:
    called = subcommand(call, VALUED, HARMLESS)
    if not isinstance(called, Subcommand):
        return called
    before, command, words = called.before, called.name, called.words
    if before.has("--version", "-V", "--help", "-h"):
        return Status.UNKNOWN
    given = read(words, VALUED)
    folder = join(
        called.folder,
        before.last("-C", "--directory", "-P", "--project")
        or given.last("-C", "--directory", "-P", "--project")
        or ".",
    )
    match command:
        case "config":
            return _configure(call, files, given, folder)
        case "install" | "sync":
            return _install(call, files, given, folder)
        case "add" | "update" | "remove":
            project = read_project(folder, files)
            if isinstance(project, Project) and command == "add" and not given.has("--lock", "--dry-run"):
                environment = _environment(call, files, project)
                told = _wanted(project, EVERYTHING, files, environment.version)
                Installation(call, files, environment).packages_of_others(told)
                return add(call, files, given, environment, project.root, "poetry.lock")
            if isinstance(project, Project):
                Installation(call, files, _environment(call, files, project)).packages_of_others()
                return Status.UNKNOWN
            return UNREADABLE
        case "build":
            out = join(folder, given.last("-o", "--output") or "dist")
            chosen = given.last("-f", "--format")
            return build(call, files, folder, out, wheel=chosen != "sdist", sdist=chosen != "wheel")
        case "export":
            return _export(call, files, given, folder)
        case "run" if words and words[0].text:
            return _run(call, files, folder, words)
    return UNREADABLE


def _run(call: Call, files: WritableTree, folder: str, words: tuple[Word, ...]) -> Runs:
    environment = dict(call.environment)
    project = read_project(folder, files)
    if isinstance(project, Project):
        own = _environment(call, files, project)
        if own.is_virtual:
            environment["VIRTUAL_ENV"] = own.prefix
            environment["PATH"] = f"{own.scripts}:{environment.get('PATH', '')}"
    return Runs(replace(call, words=tuple(words), environment=environment))


def _export(call: Call, files: WritableTree, given: Given, folder: str) -> Output | Unreadable:
    """The requirements of others, and of projects that are required by their path."""
    output = given.last("-o", "--output")
    if output is None and given.has("-o", "--output"):
        return UNREADABLE
    project = read_project(folder, files)
    own = not isinstance(project, Project) or bool(_beside(project))
    unknown = Unknown(
        "what poetry exports is not known", call.location, May.of_installer(others_only=not own)
    )
    if isinstance(project, Project) and not own:
        told = _wanted(project, given, files, None, exports=True)
        unknown = replace(unknown, installed=SitePackages((told,)) if told else None)
    return listed(call, files, join(folder, output) if output else "", unknown)


def _settings_files(call: Call, folder: str) -> tuple[str, ...]:
    """The project's own before the user's."""
    home = home_of(call.environment)
    config = call.environment.get("POETRY_CONFIG_DIR") or (
        join(call.environment.get("XDG_CONFIG_HOME") or join(home, ".config"), "pypoetry") if home else None
    )
    return (join(folder, "poetry.toml"), *((join(config, "config.toml"),) if config else ()))


def _configure(call: Call, files: WritableTree, given: Given, folder: str) -> Status:
    key, value = given.operand(0), given.operand(1)
    found = re.fullmatch(r"virtualenvs\.(create|in-project|path)", key)
    if not found or not value:
        return Status.UNKNOWN
    places = _settings_files(call, folder)
    path = places[0] if given.has("--local") else places[-1]
    content = files.read(follow(files, path).path)
    settings = {} if isinstance(content, Unknown) else dict(_virtualenvs(content))
    settings[found[1]] = value
    lines = "".join(f"{name} = {_toml(text)}\n" for name, text in sorted(settings.items()))
    files.write(follow(files, path).path, f"[virtualenvs]\n{lines}".encode("utf8", "surrogateescape"))
    return Status.UNKNOWN


def _toml(text: str) -> str:
    return text if text in ("true", "false") else '"' + re.sub(r'["\\\n]', "_", text) + '"'


def _virtualenvs(content: bytes) -> dict[str, str]:
    parsed = tables_of(content[:100_000].decode("utf8", "surrogateescape")) or {}
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in table(parsed, "virtualenvs").items()
    }


def _setting(call: Call, files: WritableTree, folder: str, name: str) -> str | None:
    told = call.environment.get(f"POETRY_VIRTUALENVS_{name.upper().replace('-', '_')}")
    if told:
        return told.lower() if name != "path" else told
    for path in _settings_files(call, folder):
        content = files.read(follow(files, path).path)
        if not isinstance(content, Unknown) and (value := _virtualenvs(content).get(name)):
            return value
    return None


def _environment(call: Call, files: WritableTree, project: Project) -> Environment:
    """An active one, .venv, the base where none is to be made, else one in poetry's cache folder."""
    folder = project.root
    python = find_interpreter("python3", call.environment, files) or "/usr/local/bin/python3"
    active = call.environment.get("VIRTUAL_ENV") or active_environment(call.environment)
    if active.startswith("/"):
        return environment_of(join(active, "bin/python"), files)
    own = join(folder, ".venv")
    in_project = _setting(call, files, folder, "in-project")
    answer = follow(files, own).answer
    is_there = isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY
    unknown = Unknown("what poetry's environment holds is not known", call.location)
    if not (is_there and in_project != "false"):
        if _setting(call, files, folder, "create") in ("false", "0"):
            return environment_of(python, files)
        if in_project not in ("true", "1"):
            return _cached(call, files, project, python, unknown)
    if isinstance(follow(files, join(own, "bin/python")).answer, Entry):
        return environment_of(join(own, "bin/python"), files)
    return make_environment(own, python, files, unknown, has_pip=False)


def _cached(call: Call, files: WritableTree, project: Project, python: str, unknown: Unknown) -> Environment:
    """poetry: `EnvManager.generate_env_name`."""
    home = home_of(call.environment) or "/root"
    cache = call.environment.get("POETRY_CACHE_DIR") or join(
        call.environment.get("XDG_CACHE_HOME") or join(home, ".cache"), "pypoetry"
    )
    path = _setting(call, files, project.root, "path") or "{cache-dir}/virtualenvs"
    path = path.replace("{cache-dir}", cache).replace("{project-dir}", project.root)
    raw = project.table("project").get("name") or project.table("tool", "poetry").get("name")
    name = re.sub("[-_.]+", "-", raw).lower() if isinstance(raw, str) else "non-package-mode"
    digest = hashlib.sha256(project.root.encode("utf8", "surrogateescape")).digest()
    code = base64.urlsafe_b64encode(digest).decode()[:8]
    version = environment_of(python, files).version
    prefix = join(path, f"{name[:42]}-{code}-py{version or 3}")
    if isinstance(follow(files, join(prefix, "bin/python")).answer, Entry):
        return environment_of(join(prefix, "bin/python"), files)
    return make_environment(prefix, python, files, unknown, has_pip=False)


def _install(call: Call, files: WritableTree, given: Given, folder: str) -> Status | Unreadable:
    near = find_upwards(files, folder, "pyproject.toml")
    if near is None:
        return Status.FAILURE
    project = read_project(near, files) if isinstance(near, str) else near
    if isinstance(project, Absent):
        return Status.FAILURE
    if isinstance(project, Unknown):
        return UNREADABLE
    if given.has("--dry-run"):
        return Status.UNKNOWN
    done = Installation(call, files, _environment(call, files, project))
    if not given.has("--only-root"):
        done.packages_of_others(_wanted(project, given, files, done.environment.version))
        done.others = False
        if not given.has("--no-directory"):
            for local in _beside(project):
                done.project(local)
    done.others = False
    mode = project.table("tool", "poetry").get("package-mode")
    only = given.has("--only") and "main" not in ",".join(text or "" for text in given.all("--only"))
    if given.has("--no-root") or mode is False or only:
        return Status.UNKNOWN
    # A root that cannot be installed is an error since poetry 2, a warning before.
    done.built(replace(project, pyproject={**project.pyproject, "build-system": _BACKEND}), editable=True)
    return Status.UNKNOWN


def _wanted(
    project: Project,
    given: Given,
    files: WritableTree,
    python: PythonVersion | None,
    *,
    exports: bool = False,
) -> Installed | None:
    """The groups and extras that are asked for, as poetry.lock has them. `poetry export` names every group."""
    told = declared(project, python, manifest_of(project, files))
    only = _names(given, "--only")
    without, added = _names(given, "--without"), _names(given, "--with", "--group", "-G")
    optional = {
        name
        for name, group in project.table("tool", "poetry", "group").items()
        if table(group).get("optional") is True
    }
    if given.has("--no-dev"):
        without |= {"dev"}
    if exports:
        added |= {"dev"} if given.has("--dev") else set()
        optional |= set(told.groups)
    groups = only or {name for name in told.groups if name not in optional | without} | (added - without)
    if given.has("--all-groups"):
        groups = set(told.groups)
    extras = set(told.extras) if given.has("--all-extras") else _names(given, "-E", "--extras")
    own = not only or "main" in only
    lock = read_lock(project.root, "poetry.lock", files)
    return choose(told, lock, python, extras, groups, own=own)


def _names(given: Given, *options: str) -> set[str]:
    return {name for text in given.all(*options) for name in re.split(r"[\s,]+", text or "") if name}


_BACKEND = {"build-backend": "poetry.core.masonry.api"}
"""Whatever backend is named: poetry builds the root itself."""


def _beside(project: Project) -> tuple[Local, ...]:
    poetry_table = project.table("tool", "poetry")
    found = path_requirements(poetry_table.get("dependencies"), project.root)
    for group in table(poetry_table, "group").values():
        found += path_requirements(table(group).get("dependencies"), project.root)
    return found


COMMANDS: dict[str, CommandFunction] = {"poetry": poetry}
