"""What does pdm do to the files of the image?"""

from __future__ import annotations

import re

from msgspec.structs import replace

from parity.installers.add import EVERYTHING, add
from parity.installers.conda import active_environment
from parity.installers.install import Installation, find_upwards
from parity.installers.pip_tools import listed
from parity.installers.subcommand import Subcommand, subcommand
from parity.installers.venv import make_environment
from parity.model.location import May, Unknown
from parity.model.packages import Installed, SitePackages
from parity.model.version import PythonVersion
from parity.packages.declared import declared, manifest_of
from parity.packages.environment import Environment, environment_of, find_interpreter
from parity.packages.locks.choose import choose
from parity.packages.locks.closure import Lock
from parity.packages.locks.read import read_lock
from parity.packages.options import Given, read
from parity.packages.project import Project, read_project
from parity.packages.requirements import Asked, Local, read_requirement
from parity.programs.arguments import CommandFunction
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Outcome, Runs, Unreadable
from parity.shell.status import Output, Status
from parity.tree.base import Absent, Entry, join
from parity.tree.links import follow
from parity.tree.writable import WritableTree

VALUED = "-p --project -G --group --with --without -L --lockfile --override -c --config --venv -o --output -f --format"
SELECTING = frozenset(
    "--prod --production --no-dev -d --dev --no-default -G --group --with --without --all".split()
)
HARMLESS = frozenset(
    "lock list info show config cache outdated search self plugin completion python fix".split()
)


def pdm(call: Call, files: WritableTree) -> Outcome:
    called = subcommand(call, VALUED, HARMLESS)
    if not isinstance(called, Subcommand):
        return called
    before, command, words = called.before, called.name, called.words
    given = read(words, VALUED)
    folder = join(called.folder, before.last("-p", "--project") or given.last("-p", "--project") or ".")
    match command:
        case "install" | "sync":
            return _install(call, files, given, folder)
        case "add" if not given.has("--no-sync", "--dry-run"):
            project = read_project(folder, files)
            if not isinstance(project, Project):
                return UNREADABLE
            own = _environment(call, files, given, folder)
            told = _wanted(project, EVERYTHING, files, own.version)
            Installation(call, files, own).packages_of_others(told)
            return add(call, files, given, own, project.root, "pdm.lock")
        case "use" | "venv":
            return Status.UNKNOWN if command == "use" else UNREADABLE
        case "export":
            return _export(call, files, given, folder)
        case "run" if words and words[0].text and not words[0].text.startswith("-"):
            own = _environment(call, files, given, folder)
            environment = {**call.environment, "PATH": f"{own.scripts}:{call.environment.get('PATH', '')}"}
            if own.site.startswith(join(folder, "__pypackages__/")):
                more = environment.get("PYTHONPATH")  # PEP 582
                environment["PYTHONPATH"] = f"{own.site}:{more}" if more else own.site
            return Runs(replace(call, words=words, environment=environment))
    return UNREADABLE


def _install(call: Call, files: WritableTree, given: Given, folder: str) -> Status | Unreadable:
    near = find_upwards(files, folder, "pyproject.toml")
    if near is None:
        return Status.FAILURE
    project = read_project(near, files) if isinstance(near, str) else near
    if isinstance(project, Absent | Unknown):
        return UNREADABLE
    if given.has("--dry-run"):
        return Status.UNKNOWN
    done = Installation(call, files, _environment(call, files, given, project.root), others=False)
    done.packages_of_others(_wanted(project, given, files, done.environment.version))
    for local in _beside(project, files):
        done.project(local)
    settings = project.table("tool", "pdm")
    if given.has("--no-self") or settings.get("distribution") is False or not project.table("project"):
        return Status.UNKNOWN
    if settings.get("package-type") == "application" or not project.name:
        return Status.UNKNOWN
    return done.built(project, editable=not given.has("--no-editable"))


def _beside(project: Project, files: WritableTree) -> list[Local]:
    """Projects that are required by their path."""
    asked = Asked()
    development = project.table("tool", "pdm", "dev-dependencies")
    for text in (*project.requirements, *(one for group in development.values() for one in _texts(group))):
        editable = text.startswith("-e ")
        if "file:" in text:
            text = text.removeprefix("-e ").replace("${PROJECT_ROOT}", project.root).partition("#")[0]
            read_requirement(asked, text, project.root, files, editable=editable)
    return asked.local


def _export(call: Call, files: WritableTree, given: Given, folder: str) -> Output | Unreadable:
    """What is locked; the project itself with `--self` only."""
    output = given.last("-o", "--output")
    if output is None and given.has("-o", "--output"):
        return UNREADABLE
    unknown = Unknown("what pdm exports is not known", call.location)
    project = read_project(folder, files)
    itself = (
        given.has("--self", "--editable-self", "--pyproject") or given.last("-f", "--format") == "setuppy"
    )
    if isinstance(project, Project) and not itself and not _beside(project, files):
        told = _wanted(project, given, files, None)
        unknown = replace(unknown, may=May.DISTRIBUTIONS, installed=SitePackages((told,)) if told else None)
    return listed(call, files, join(folder, output) if output else "", unknown)


def _wanted(
    project: Project, given: Given, files: WritableTree, python: PythonVersion | None
) -> Installed | None:
    """pdm: `--prod` leaves out the development groups; `-G` names groups and extras, `:all` means all.

    Who names one of the development groups gets no other; who chooses nothing gets what is locked.
    (pdm: `GroupSelection`)
    """
    told = declared(project, python, manifest_of(project, files))
    asked = {
        name
        for text in given.all("-G", "--group", "--with")
        for name in re.split(r"[\s,]+", text or "")
        if name
    }
    without = {name for text in given.all("--without") for name in re.split(r"[\s,]+", text or "") if name}
    prod = given.has("--prod", "--production", "--no-dev")
    groups = set() if prod or asked & told.groups.keys() else set(told.groups)
    extras: set[str] = set()
    if ":all" in asked or given.has("--all"):
        groups, extras = groups | set(told.groups), set(told.extras)
    lock = read_lock(project.root, given.last("-L", "--lockfile") or "pdm.lock", files)
    own = not given.has("--no-default")
    extras, groups = (extras | asked) - without, (groups | asked) - without
    if not isinstance(lock, Lock) or lock.root is None:
        return choose(told, lock, python, extras, groups, own=own)
    chosen = extras | groups | ({"default"} if own else set())
    if not given.flags & SELECTING:
        chosen = set(lock.root.groups)
    needs = [need for group in sorted(chosen) for need in lock.root.groups.get(group, ())]
    others = {group: listed for group, listed in lock.root.groups.items() if group not in chosen}
    installed = lock.install(needs, others, python)
    direct = {
        one.name for listed in (told.own, *told.groups.values(), *told.extras.values()) for one in listed
    }
    listed = (replace(one, direct=one.name in direct) for one in installed.distributions)
    return replace(installed, distributions=tuple(listed))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _environment(call: Call, files: WritableTree, given: Given, folder: str) -> Environment:
    """`-g`: the base; else .venv of the project, an active one, `__pypackages__` if it is there, or a new .venv."""
    python = find_interpreter("python3", call.environment, files) or "/usr/local/bin/python3"
    if given.has("-g", "--global"):
        return environment_of(python, files)
    own = join(folder, ".venv")
    if isinstance(follow(files, join(own, "bin/python")).answer, Entry):
        return environment_of(join(own, "bin/python"), files)
    active = call.environment.get("VIRTUAL_ENV") or active_environment(call.environment)
    if active.startswith("/") and not call.environment.get("PDM_IGNORE_ACTIVE_VENV"):
        return environment_of(join(active, "bin/python"), files)
    is_local = isinstance(follow(files, join(folder, "__pypackages__")).answer, Entry)
    if is_local or call.environment.get("PDM_USE_VENV", "").lower() in ("false", "0", "no"):
        base = environment_of(python, files)
        prefix = join(folder, f"__pypackages__/{base.version or 3}")
        return replace(base, prefix=prefix, site=join(prefix, "lib"), scripts=join(prefix, "bin"))
    unknown = Unknown("what pdm's environment holds is not known", call.location)
    return make_environment(own, python, files, unknown, has_pip=False)


COMMANDS: dict[str, CommandFunction] = {"pdm": pdm}
