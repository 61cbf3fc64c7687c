"""What does pipenv do to the files of the image?"""

from __future__ import annotations

import json
import re

from msgspec.structs import replace

from parity.installers.install import Installation, find_upwards, path_requirements
from parity.installers.pip import read_asked
from parity.installers.subcommand import Subcommand, subcommand
from parity.installers.venv import make_environment
from parity.model.location import Location, May, Unknown
from parity.model.packages import Installed, SitePackages
from parity.model.version import PythonVersion
from parity.packages.declared import Declared, declared_in_pipfile
from parity.packages.environment import Environment, environment_of, find_interpreter, home_of
from parity.packages.locks.read import read_lock
from parity.packages.options import Given, read
from parity.packages.project import table
from parity.packages.requirements import Asked
from parity.programs.arguments import CommandFunction
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Outcome, Runs
from parity.shell.status import Output, Status
from parity.tree.base import Absent, Entry, join, parent_of
from parity.tree.links import follow
from parity.tree.toml import tables_of
from parity.tree.writable import WritableTree

VALUED = "--python --pypi-mirror -i --index -r --requirements -e --editable --categories --extra-pip-args -c"
HARMLESS = frozenset("lock check graph scripts verify clean open --version --venv --where --py".split())
OF_PIPFILE = {"packages": "default", "dev-packages": "develop"}
"""What Pipfile.lock calls the sections of Pipfile."""
LARGEST_LOCK = 5_000_000


def pipenv(call: Call, files: WritableTree) -> Outcome:
    called = subcommand(call, VALUED, HARMLESS)
    if not isinstance(called, Subcommand):
        return called
    command, words = called.name, called.words
    if command == "requirements":
        return _requirements(call, files, read(words, VALUED))
    given = read(words, VALUED)
    if command in ("install", "sync", "update"):
        return _install(call, files, given)
    if command == "run" and words and words[0].text:
        own = _environment(call, files, given, _folder(call, files))
        path = f"{own.scripts}:{call.environment.get('PATH', '')}"
        return Runs(replace(call, words=words, environment={**call.environment, "PATH": path}))
    return UNREADABLE


def _folder(call: Call, files: WritableTree) -> str:
    pipfile = call.environment.get("PIPENV_PIPFILE", "")
    if pipfile.startswith("/"):
        return parent_of(pipfile)
    near = find_upwards(files, call.working_directory or "/", "Pipfile")
    return near if isinstance(near, str) else call.working_directory or "/"


def _install(call: Call, files: WritableTree, given: Given) -> Status:
    folder = _folder(call, files)
    done = Installation(call, files, _environment(call, files, given, folder))
    done.packages_of_others(_wanted(given, folder, files, done.environment.version))
    asked = (
        read_asked(call, files, given) if given.operands or given.has("-r", "-e", "--editable") else Asked()
    )
    deploys = given.has("--deploy", "--ignore-pipfile")
    for name in ("Pipfile.lock", "Pipfile") if deploys else ("Pipfile", "Pipfile.lock"):
        there = follow(files, join(folder, name))
        if isinstance(there.answer, Absent):
            if name == "Pipfile" and given.has("--deploy") and not given.operands:
                return Status.FAILURE
            continue
        content = files.read(there.path)
        if isinstance(content, Unknown) or len(content) > LARGEST_LOCK:
            third_party = isinstance(content, Unknown) and content.third_party
            asked.cannot_tell(done.unknown(f"what {name} asks for is not known", third_party=third_party))
            continue
        parsed = _parsed(content, name)
        for section in ("default", "develop", "packages", "dev-packages"):
            if section in ("develop", "dev-packages") and not given.has("-d", "--dev"):
                continue
            asked.local += path_requirements(table(parsed, section), folder)
    done.others = False
    return done.all(asked)


def _requirements(call: Call, files: WritableTree, given: Given) -> Output:
    """What Pipfile.lock has of others, and of projects that are required by their path."""
    folder = _folder(call, files)
    unknown = Unknown("what pipenv lists is not known", call.location)
    content = files.read(follow(files, join(folder, "Pipfile.lock")).path)
    if isinstance(content, bytes) and len(content) <= LARGEST_LOCK:
        sections = table(_parsed(content, "Pipfile.lock"))
        own = any(path_requirements(table(sections, name), folder) for name in sections)
        told = _wanted(given, folder, files, None) if not own and not given.has("--categories") else None
        unknown = replace(
            unknown,
            may=May.of_installer(others_only=not own),
            installed=SitePackages((told,)) if told else None,
        )
    return Output(unknown, Status.UNKNOWN)


def _wanted(given: Given, folder: str, files: WritableTree, python: PythonVersion | None) -> Installed | None:
    """`default` of Pipfile.lock, `develop` with --dev, or the categories named; without a lock file as Pipfile says."""
    told = _declared(folder, files, python)
    develops = given.has("-d", "--dev", "--dev-only")
    lock = read_lock(folder, "Pipfile.lock", files)
    if isinstance(lock, Unknown):
        return None
    if lock is None or lock.root is None or given.has("--skip-lock"):
        return told.install((), ("dev-packages",) if develops else ()) if told else None
    sections = lock.root.groups
    named = [one for text in given.all("--categories") for one in re.split(r"[\s,]+", text or "") if one]
    chosen = [OF_PIPFILE.get(name, name) for name in named]
    if not named:
        chosen = ["develop"] if given.has("--dev-only") else ["default", *(["develop"] if develops else [])]
    wanted = {name: needs for name, needs in sections.items() if name in chosen}
    others = {name: needs for name, needs in sections.items() if name not in wanted}
    installed = lock.install((need for needs in wanted.values() for need in needs), others, python)
    if told is None:
        return installed
    direct = {one.name for listed in (told.own, *told.groups.values()) for one in listed}
    listed = (replace(one, direct=one.name in direct) for one in installed.distributions)
    return replace(installed, distributions=tuple(listed))


def _declared(folder: str, files: WritableTree, python: PythonVersion | None) -> Declared | None:
    """What Pipfile says; None where it is not there or cannot be read."""
    found = follow(files, join(folder, "Pipfile"))
    content = files.read(found.path) if isinstance(found.answer, Entry) else None
    tables = _parsed(content, "Pipfile") if isinstance(content, bytes) else None
    source = found.answer.source if isinstance(found.answer, Entry) else None
    place = Location(source.lstrip("/")) if source else None
    return declared_in_pipfile(table(tables), python, place) if tables else None


def _parsed(content: bytes, name: str) -> object:
    text = content.decode("utf8", "surrogateescape")
    if name == "Pipfile":
        return tables_of(text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _environment(call: Call, files: WritableTree, given: Given, folder: str) -> Environment:
    """--system: the base; an active one; .venv with PIPENV_VENV_IN_PROJECT; else one in the user's folder."""
    python = find_interpreter("python3", call.environment, files) or "/usr/local/bin/python3"
    system = call.environment.get("PIPENV_SYSTEM", "").lower() in ("1", "true", "yes", "on")
    if given.has("--system") or system:
        return environment_of(python, files)
    active = call.environment.get("VIRTUAL_ENV", "")
    if active.startswith("/") and not call.environment.get("PIPENV_IGNORE_VIRTUALENVS"):
        return environment_of(join(active, "bin/python"), files)
    own = join(folder, ".venv")
    inside = call.environment.get("PIPENV_VENV_IN_PROJECT", "").lower() in ("1", "true", "yes", "on")
    if not inside and not isinstance(follow(files, own).answer, Entry):
        home = home_of(call.environment) or "/root"
        name = (folder.rpartition("/")[2] or "root")[:42]
        own = join(
            call.environment.get("WORKON_HOME") or join(home, ".local/share/virtualenvs"), f"{name}-pipenv"
        )
        # The name ends in a hash of the Pipfile's path: any folder there may be it.
        unknown = Unknown("the name of pipenv's environment is not known", call.location)
        files.obscure(follow(files, own.rpartition("/")[0]).path, unknown)
    if isinstance(follow(files, join(own, "bin/python")).answer, Entry):
        return environment_of(join(own, "bin/python"), files)
    unknown = Unknown("what pipenv's environment holds is not known", call.location)
    return make_environment(own, python, files, unknown)


COMMANDS: dict[str, CommandFunction] = {"pipenv": pipenv}
