"""What does pip do to the files of the image?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from parity.installers.install import Installation, hide_environment
from parity.installers.subcommand import Subcommand, subcommand
from parity.installers.wheels import build, packed_project
from parity.model.location import May, Unknown
from parity.model.packages import NOTHING_INSTALLED, Installed, SitePackages, normalized
from parity.model.version import PythonVersion
from parity.packages.declared import declared, manifest_of
from parity.packages.environment import (
    Environment,
    environment_of,
    find_interpreter,
    home_of,
    user_environment,
)
from parity.packages.locks.closure import Lock
from parity.packages.locks.read import read_lock
from parity.packages.options import Given, read
from parity.packages.project import Project, read_project
from parity.packages.requirements import (
    Asked,
    Local,
    read_operand,
    read_requirement,
    read_requirements,
    streams_of,
    told_of,
)
from parity.programs.arguments import CommandFunction
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Status
from parity.tree.base import Absent, Entry, FileKind, FileTree, join, parent_of
from parity.tree.links import follow
from parity.tree.writable import WritableTree

GLOBAL = (
    "--python --log --proxy --retries --timeout --exists-action --trusted-host --cert --client-cert "
    "--cache-dir --keyring-provider --use-feature --use-deprecated --resume-retries"
)
VALUED = (
    f"{GLOBAL} "
    "-r --requirement -c --constraint -e --editable -t --target --platform --python-version "
    "--implementation --abi --root --prefix --src --upgrade-strategy -C --config-settings --global-option "
    "--no-binary --only-binary --progress-bar --root-user-action --report --group -i --index-url "
    "--extra-index-url -f --find-links -w --wheel-dir -d --dest -b --build --install-option "
    "--requirements --constraints --build-constraints --python-preference "
    "--requirements-from-script --build-constraint --uploaded-prior-to --override --overrides --excludes "
    "--index --default-index -p --index-strategy --prerelease --resolution --exclude-newer --link-mode "
    "--extra --python-platform --refresh-package --reinstall-package -P --upgrade-package "
    "--no-build-isolation-package --no-build-package --no-binary-package --config-file --directory "
    "--project --color --allow-insecure-host --torch-backend -o"
)
HARMLESS = frozenset(
    "list show freeze check config search cache index inspect debug help hash completion lock".split()
)


PYLOCK = re.compile(r"pylock(\.[^.]+)?\.toml")


def pip(call: Call, files: WritableTree) -> Status | Unreadable:
    """`pip ...`, whichever `pip` it is."""
    name = call.argv[0] or "pip"
    python = find_interpreter(name, call.environment, files, call.working_directory)
    return pip_of(call, files, python)


def pip_of(call: Call, files: WritableTree, python: str | None) -> Status | Unreadable:
    """The same with the interpreter that it runs in (None: not known)."""
    called = subcommand(call, VALUED, HARMLESS)
    if not isinstance(called, Subcommand):
        return called
    before, command, words = called.before, called.name, called.words
    if python is None:
        return UNREADABLE
    if other := before.last("--python"):
        python = interpreter_at(other, call, files)
    given = read(words, VALUED)
    if command == "install":
        return install(call, files, given, environment_of(python, files))
    if command == "uninstall":
        return uninstall(call, files, given, environment_of(python, files))
    if command in ("wheel", "download"):
        return collect(call, files, given, ("-w", "--wheel-dir") if command == "wheel" else ("-d", "--dest"))
    return UNREADABLE


def _lacks_hashes(call: Call, given: Given, asked: Asked) -> bool:
    """pip: with one hash, or `--require-hashes`, every requirement needs one. uv: with the option only."""
    required = given.has("--require-hashes") or _is_on(
        call.environment, "PIP_REQUIRE_HASHES", "UV_REQUIRE_HASHES"
    )
    if call.program != "uv":
        required = required or asked.hashed
    return required and asked.without_hash is not None and asked.unknown is None


def interpreter_at(text: str, call: Call, files: WritableTree) -> str:
    """`--python`: an interpreter, or the folder of a virtual environment."""
    if "/" in text or text.startswith("."):
        path = join(call.working_directory or "/", text)
        beside = join(path, "bin/python")
        return beside if isinstance(follow(files, beside).answer, Entry) else path
    name = text if text.startswith("python") else f"python{text}"
    return find_interpreter(name, call.environment, files) or f"/usr/local/bin/{name}"


def install(
    call: Call, files: WritableTree, given: Given, environment: Environment, *, editable_all: bool = False
) -> Status:
    """`pip install` and `uv pip install`."""
    if given.has("--dry-run"):
        return Status.UNKNOWN
    place = _destination(call, given, environment)
    asked = read_asked(call, files, given, place.version)
    others = not given.has("--no-deps") and not _is_on(call.environment, "PIP_NO_DEPS", "UV_NO_DEPS")
    if _lacks_hashes(call, given, asked):
        return Status.FAILURE
    _take_own_wheels(call, files, given, asked)
    done = Installation(call, files, place, others)
    if isinstance(found := _offered(call, files, given), Unknown) and asked.others:
        done.hide(found)
    if editable_all:
        asked.local = [replace(local, editable=True) for local in asked.local]
    status = done.all(asked)
    if status is not Status.FAILURE:
        for other in _also(call, place, environment):
            reason = f"whether {call.program or 'pip'} installs into the user's folder is not known"
            third_party = not asked.local and asked.unknown is None
            unknown = Unknown(
                reason, call.location, May.of_installer(others_only=third_party), installed=NOTHING_INSTALLED
            )
            files.obscure(follow(files, other).path, unknown)
    return status


def uninstall(call: Call, files: WritableTree, given: Given, environment: Environment) -> Status:
    """`pip uninstall x`: packages of others are gone, whoever needs them. The project's own are left alone."""
    asked = read_asked(call, files, given, environment.version)
    gone = tuple(dict.fromkeys(one.name for one in asked.wanted))
    if gone and call.certain and not given.has("--dry-run"):
        removed = Installed(complete=True, removed=gone, by=call.location)
        reason = f"what {call.program or 'pip'} leaves is not known"
        told = Unknown(reason, call.location, May.DISTRIBUTIONS, installed=SitePackages((removed,)))
        hide_environment(files, environment, told)
    return Status.UNKNOWN


def _is_on(environment: Mapping[str, str], *names: str) -> bool:
    return any(environment.get(name, "").lower() in ("1", "true", "yes", "on") for name in names)


def _destination(call: Call, given: Given, environment: Environment) -> Environment:
    """Where the packages go: `--target`, `--prefix`, `--user`, `--root`, or the interpreter's environment."""
    folder = call.working_directory or "/"
    number = str(environment.version) if environment.version else "3"
    target = given.last("-t", "--target") or call.environment.get("PIP_TARGET")
    prefix = given.last("--prefix") or call.environment.get("PIP_PREFIX")
    place = environment
    if target or given.has("-t", "--target"):
        at = join(folder, target) if target else folder
        place = replace(environment, prefix=at, site=at, scripts=join(at, "bin"))
    elif prefix or given.has("--prefix"):
        at = join(folder, prefix) if prefix else folder
        place = replace(
            environment,
            prefix=at,
            site=join(at, f"lib/python{number}/site-packages"),
            scripts=join(at, "bin"),
        )
    elif given.has("--user") or _is_on(call.environment, "PIP_USER"):
        personal = user_environment(call.environment, environment.version, environment.python)
        if personal is not None and "HOME" in call.environment:
            place = personal
    if root := given.last("--root"):
        at = join(folder, root)
        place = replace(
            place,
            prefix=join(at, place.prefix[1:]),
            site=join(at, place.site[1:]),
            scripts=join(at, place.scripts[1:]),
        )
    return place


def _also(call: Call, place: Environment, environment: Environment) -> list[str]:
    """Where else it may go: pip falls back to the user's folder where site-packages is not writable."""
    if environment.is_virtual or place.site != environment.site or call.program == "uv":
        return []
    home = home_of(call.environment)
    if "HOME" not in call.environment:
        return ["/home"]
    return [join(home, ".local")] if home and home != "/root" else []


def read_asked(call: Call, files: WritableTree, given: Given, python: PythonVersion | None = None) -> Asked:
    """The requirements of a command line and of the files that it names."""
    folder = call.working_directory or "/"
    why = Unknown("what is installed here is not known", call.location, May.SOURCES)
    asked = Asked(python)
    for word in given.operands:
        read_operand(asked, word, folder, files, why)
    for text in given.all("-e", "--editable"):
        if text is None:
            asked.cannot_tell(why)
        else:
            read_requirement(asked, text, folder, files, editable=True, at=call.location)
    for text in given.all("-r", "--requirement", "--requirements"):
        if text is None:
            asked.cannot_tell(why)
        elif "://" in text:
            asked.others = asked.unnamed = True
        elif PYLOCK.fullmatch(text.rpartition("/")[2]):
            _read_locked(asked, join(folder, text), files, why)
        elif text.endswith(("pyproject.toml", "setup.py", "setup.cfg")):
            # uv takes the requirements of a project, not the project.
            extras = tuple(extra for extra in given.all("--extra") if extra)
            _read_declared(asked, parent_of(join(folder, text)), files, extras=extras)
        else:
            listing = "/dev/stdin" if text == "-" else join(folder, text)
            read_requirements(asked, listing, folder, files, call.environment, why, streams_of(call))
    for text in given.all("-c", "--constraint", "--constraints"):
        path = join(folder, text) if text and "://" not in text else None
        if path and isinstance(follow(files, path).answer, Absent):
            asked.missing = path
    for text in given.all("--group"):
        # PEP 735 in pip and uv: `name` of ./pyproject.toml, or `path/pyproject.toml:name`.
        path, _, group = (text or "").rpartition(":")
        _read_declared(asked, join(folder, path.removesuffix("pyproject.toml") or "."), files, group=group)
    if given.operands or given.has("-e", "--editable"):
        asked.complete = False
    return asked


def _read_declared(
    asked: Asked, folder: str, files: FileTree, *, extras: tuple[str, ...] = (), group: str | None = None
) -> None:
    """What the project in this folder declares: for itself and these extras, or in one group."""
    asked.others = True
    project = read_project(folder, files)
    if not isinstance(project, Project):
        asked.unnamed = True
        return
    told = declared(project, asked.python, manifest_of(project, files))
    wanted = told.install(extras, () if group is None else (group,), own=group is None)
    asked.wanted += wanted.distributions
    asked.left_out += wanted.left_out
    asked.unnamed = asked.unnamed or (group is not None and group not in told.groups)
    if told.dynamic:
        asked.cannot_tell(Unknown(f"what the project {folder} requires is not known", may=May.DISTRIBUTIONS))


def _read_locked(asked: Asked, path: str, files: FileTree, why: Unknown) -> None:
    """PEP 751: `-r pylock.toml`."""
    folder, _, name = path.rpartition("/")
    lock = read_lock(folder or "/", name, files)
    if lock is None and isinstance(follow(files, path).answer, Absent):
        asked.missing = path
    elif isinstance(lock, Unknown):
        asked.cannot_tell(replace(why, may=lock.may, installed=told_of(lock)))
    elif not isinstance(lock, Lock) or lock.root is None:
        asked.cannot_tell(replace(why, may=May.DISTRIBUTIONS))
    else:
        asked.others = asked.complete = True
        asked.wanted += lock.install(lock.root.needs, {}, asked.python).distributions
        asked.manifest = asked.manifest or lock.manifest


def _linked(call: Call, given: Given) -> Iterator[str]:
    """The folders of `--find-links`, image paths."""
    for text in given.all("-f", "--find-links"):
        if text is not None and "://" not in text:
            yield join(call.working_directory or "/", text)


def _take_own_wheels(call: Call, files: WritableTree, given: Given, asked: Asked) -> None:
    """`--find-links /wheels shop`: the wheel that an earlier step built of the project is what is installed."""
    for folder in _linked(call, given):
        names = files.names(follow(files, folder).path)
        for name in sorted(names) if not isinstance(names, Unknown) else ():
            path = join(folder, name)
            meant = [one for one in asked.wanted if one.name == normalized(name.partition("-")[0])]
            if meant and name.endswith(".whl") and packed_project(path, files) is not None:
                asked.wanted = [one for one in asked.wanted if one not in meant]
                asked.local.append(Local(path, extras=meant[0].extras))


def _offered(call: Call, files: WritableTree, given: Given) -> Unknown | None:
    """`--find-links folder`: where wheels of the project itself may lie, they may be what is installed."""
    for folder in _linked(call, given):
        answer = follow(files, join(folder, "x-1-py3-none-any.whl")).answer
        if isinstance(answer, Unknown) and not answer.third_party:
            return Unknown(f"what the wheels of {folder} hold is not known", call.location)
    return None


def collect(call: Call, files: WritableTree, given: Given, option: tuple[str, ...]) -> Status:
    """`pip wheel` and `pip download`: archives in a folder."""
    folder = join(call.working_directory or "/", given.last(*option) or ".")
    asked = read_asked(call, files, given)
    if asked.missing is not None:
        return Status.FAILURE
    projects = [one.path for one in asked.local if "wheel" in call.argv and _is_folder(files, one.path)]
    if projects and given.has("--no-deps") and not (asked.wanted or asked.unknown or asked.local[1:]):
        return build(call, files, projects[0], folder, sdist=False)
    own = len(asked.local) > len(projects) or (asked.unknown is not None and not asked.unknown.third_party)
    unknown = Unknown(
        f"which archives {call.program} leaves is not known",
        call.location,
        May.of_installer(others_only=not own),
    )
    if asked.unknown is None:
        unknown = replace(
            unknown, installed=SitePackages((asked.installed(others=not given.has("--no-deps")),))
        )
    at = follow(files, folder).path
    files.make_directory(at)
    files.obscure(at, unknown, suffixes=(".whl", ".tar.gz", ".zip"))
    for project in projects:
        build(call, files, project, folder, sdist=False)
    return Status.UNKNOWN


def _is_folder(files: WritableTree, path: str) -> bool:
    answer = follow(files, path).answer
    return isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY


COMMANDS: dict[str, CommandFunction] = {"pip": pip, "pip3": pip}
