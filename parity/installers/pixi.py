"""What does pixi do to the files of the image? (pixi: `crates/pixi_cli`)

An environment lies in `.pixi/envs/NAME` of the project; pixi.lock lists what is in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from msgspec.structs import replace

from parity.installers.conda_prefix import build_projects, fill
from parity.installers.pixi_workspace import NAMES, Workspace, find_workspace, read_workspace
from parity.installers.subcommand import Subcommand, subcommand
from parity.model.location import Location, May, Unknown
from parity.model.packages import Distribution, Installed, SitePackages
from parity.packages.conda_packages import CondaPackages
from parity.packages.locks import conda_locks
from parity.packages.locks.conda_locks import Packages, provided
from parity.packages.options import Given, read
from parity.packages.requirements import Local
from parity.programs.arguments import CommandFunction
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Outcome, Runs, Unreadable
from parity.shell.status import Output, Status
from parity.shell.word import Word
from parity.tree.base import Absent, Entry, FileKind, join
from parity.tree.links import follow
from parity.tree.writable import WritableTree

VALUED = (
    "-e --environment -p --platform --skip --skip-with-deps --only --config-file --auth-file "
    "--concurrent-downloads --concurrent-solves --pinning-strategy --pypi-keyring-provider --tls-root-certs "
    "-m --manifest-path -w --workspace -s --shell --change-ps1 -f --feature --color -g --git --branch --tag "
    "--rev --subdir"
)
RUN_VALUED = " ".join(name for name in VALUED.split() if name not in ("-s", "-f", "-g"))
HARMLESS = frozenset(
    "lock list info tree config search auth completion self-update task workspace project exec global shell"
    " help version upload publish build".split()
)
KNOWN = frozenset("init install i reinstall run r shell-hook add update upgrade".split())


def pixi(call: Call, files: WritableTree) -> Outcome:
    called = subcommand(call, VALUED, HARMLESS)
    if not isinstance(called, Subcommand):
        return called
    before, command, words = called.before, called.name, called.words
    if command not in KNOWN:
        return UNREADABLE
    if command == "init":
        return _init(call, files, read(words, f"{VALUED} -c --channel -i --import --format --scm"))
    runs = command in ("run", "r")
    at = _command_at(words) if runs else len(words)
    given = read(words[:at], RUN_VALUED if runs else VALUED)
    found = _workspace(call, files, before, given)
    if found is None:
        return Status.FAILURE
    if isinstance(found, Unknown):
        return UNREADABLE
    if runs:
        return _run(call, files, found, given, words[at:])
    chosen = [name for name in given.all("-e", "--environment") if name]
    if given.has("-a", "--all") or (command == "reinstall" and not chosen):
        chosen = list(found.environments)
    chosen = chosen or [call.environment.get("PIXI_ENVIRONMENT_NAME") or "default"]
    if command in ("add", "update", "upgrade"):
        return _change(call, files, found, chosen[0], given, command)
    if command == "shell-hook" and _is_up_to_date(files, found, chosen[0]):
        return _printed(call, found, chosen[0], given)
    if Status.FAILURE in [_install(call, files, found, name, given) for name in chosen]:
        return Status.FAILURE
    return _printed(call, found, chosen[0], given) if command == "shell-hook" else Status.UNKNOWN


def _init(call: Call, files: WritableTree, given: Given) -> Status:
    """A manifest that is written, or that gets a table more."""
    folder = join(call.working_directory or "/", given.operand(0) or ".")
    unknown = Unknown("what pixi init writes is not known", call.location)
    for name in NAMES[:2]:
        there = follow(files, join(folder, name))
        if name == "pixi.toml" or isinstance(there.answer, Entry):
            files.write(there.path, unknown)
    return Status.UNKNOWN


def _printed(call: Call, workspace: Workspace, name: str, given: Given) -> Output:
    shell = given.last("-s", "--shell")
    if given.has("--json") or (given.has("-s", "--shell") and shell not in ("bash", "zsh", "sh")):
        return Output(None, Status.UNKNOWN)
    return Output(_hook(workspace, name, call).encode("utf8", "surrogateescape"), Status.UNKNOWN)


def _run(
    call: Call, files: WritableTree, workspace: Workspace, given: Given, words: tuple[Word, ...]
) -> Status | Runs | Unreadable:
    """`pixi run x`: a task of the project, or a program, in an environment that is brought up to date before."""
    words = words[1:] if words and words[0].text == "--" else words
    if not words or words[0].text is None:
        return UNREADABLE
    first = words[0].text
    name = given.last("-e", "--environment") or _environment_with(workspace, first, call)
    is_task = not given.has("-x", "--executable") and workspace.task(name, first) is not None
    if not _is_up_to_date(files, workspace, name) and (
        _install(call, files, workspace, name, given) is Status.FAILURE
    ):
        return Status.FAILURE
    script: str | None
    if is_task:
        script, words = workspace.script(name, first), words[1:]
        script = f'{script} "$@"' if script and words else script
    elif len(words) == 1 and " " in first:
        script, words = first, ()
    else:
        script = 'exec "$@"'
    if script is None:
        return UNREADABLE
    text = Word(f"{_hook(workspace, name, call)}{script}")
    return Runs(replace(call, words=(Word("bash"), Word("-c"), text, Word("pixi"), *words)))


def _environment_with(workspace: Workspace, task: str, call: Call) -> str:
    """The default one, unless only one other has the task."""
    usual = call.environment.get("PIXI_ENVIRONMENT_NAME") or "default"
    if workspace.task(usual, task) is not None:
        return usual
    found = [name for name in workspace.environments if workspace.task(name, task) is not None]
    return found[0] if len(found) == 1 else usual


def _workspace(call: Call, files: WritableTree, before: Given, given: Given) -> Workspace | Unknown | None:
    """`--manifest-path`: a file or its folder."""
    names = ("-m", "--manifest-path")
    here = call.working_directory or "/"
    if not (given.has(*names) or before.has(*names)):
        return find_workspace(here, files) if not given.has("-w", "--workspace") else Unknown("")
    text = given.last(*names) or before.last(*names)
    if text is None:
        return Unknown("")
    path = join(here, text)
    there = follow(files, path).answer
    if not (isinstance(there, Entry) and there.kind is FileKind.DIRECTORY):
        return read_workspace(path, files)
    told = (read_workspace(join(path, name), files) for name in NAMES)
    return next((one for one in told if one is not None), None)


def _command_at(words: tuple[Word, ...]) -> int:
    """Where the options of `pixi run` end."""
    number = 0
    while number < len(words):
        text = words[number].text
        if text is None or text == "--" or not text.startswith("-"):
            break
        number += 2 if text in RUN_VALUED.split() else 1
    return number


def prefix_of(workspace: Workspace, environment: str) -> str:
    return join(workspace.root, f".pixi/envs/{environment}")


def _install(call: Call, files: WritableTree, workspace: Workspace, name: str, given: Given) -> Status:
    """One environment: as pixi.lock has it, else as the manifest says."""
    if name not in workspace.environments:
        return Status.FAILURE
    if given.has("--no-install", "--as-is"):
        return Status.UNKNOWN
    lock = follow(files, join(workspace.root, "pixi.lock")).answer
    if given.has("--locked") and isinstance(lock, Absent):
        return Status.FAILURE
    listed = _listed(files, workspace)
    packages = _locked(workspace, name, listed, lock) if name in listed else workspace.packages(name)
    if isinstance(lock, Unknown) or (isinstance(lock, Entry) and not listed):
        packages.told = False
    skipped = given.has("--skip", "--only", "--skip-with-deps")
    told = packages.installed() if not given.has("--only", "--skip-with-deps") else None
    if told is not None:
        others = _others(workspace, name, listed, told)
        told = replace(told, by=call.location, left_out=others)
    environment = fill(
        prefix_of(workspace, name),
        Unknown(
            "what pixi installs is not known",
            call.location,
            may=May.of_installer(others_only=packages.told),
            installed=SitePackages((told,)) if told else None,
        ),
        packages.python,
        files,
        is_new=True,
        has_pip=told is None or any(one.name == "pip" for one in told.distributions),
    )
    projects = packages.asked.local if not skipped else []
    status = build_projects(projects, environment, call, files, others=not packages.complete)
    if told is not None and not skipped:
        files.write(_mark_of(workspace, name), _fingerprint(files, workspace))
    return status


def _mark_of(workspace: Workspace, name: str) -> str:
    """The file that says from which pixi.lock the environment was made."""
    return join(prefix_of(workspace, name), "conda-meta/pixi")


def _fingerprint(files: WritableTree, workspace: Workspace) -> bytes:
    content = files.read(follow(files, join(workspace.root, "pixi.lock")).path)
    told = hashlib.sha256(content).hexdigest()[:16] if isinstance(content, bytes) else ""
    return b'{"environment_lock_file_hash": "%s"}\n' % told.encode()


def _is_up_to_date(files: WritableTree, workspace: Workspace, name: str) -> bool:
    """Then `pixi run` installs nothing (pixi: `UpdateMode::QuickValidate`)."""
    mark = files.read(follow(files, _mark_of(workspace, name)).path)
    return isinstance(mark, bytes) and mark == _fingerprint(files, workspace)


def _listed(files: WritableTree, workspace: Workspace) -> Mapping[str, Packages]:
    """By environment, what pixi.lock lists."""
    content = files.read(follow(files, join(workspace.root, "pixi.lock")).path)
    return (conda_locks.pixi(content) or {}) if isinstance(content, bytes) else {}


def _locked(
    workspace: Workspace, name: str, listed: Mapping[str, Packages], lock: Entry | Absent | Unknown
) -> CondaPackages:
    source = lock.source.lstrip("/") if isinstance(lock, Entry) and lock.source else ""
    found = CondaPackages(manifest=source, complete=True)
    found.add_locked(listed[name], Location(source) if source else None)
    editables = workspace.editables(name)
    places = [(join(workspace.root, one.path), one.editable) for one in found.asked.local]
    found.asked.local = [Local(path, editable or path in editables) for path, editable in places]
    asked = workspace.packages(name)
    direct = {one.name for one in (*asked.distributions, *asked.asked.wanted)}
    found.distributions = [replace(one, direct=one.name in direct) for one in found.distributions]
    return found


def _others(
    workspace: Workspace, name: str, listed: Mapping[str, Packages], told: Installed
) -> tuple[Distribution, ...]:
    """What is only in other environments."""
    found = {one.name: one for one in told.distributions}
    there = frozenset(found)
    at = Location(workspace.source) if workspace.source else None
    for other in workspace.environments:
        asked = workspace.packages(other) if other != name else CondaPackages()
        for one in (*asked.distributions, *asked.asked.wanted):
            found.setdefault(one.name, replace(one, group=other, location=at))
        for package in listed.get(other, ()):
            for text in provided(package):
                found.setdefault(text, Distribution(text, group=other, location=at, direct=False))
    return tuple(one for one in found.values() if one.name not in there)


def _change(
    call: Call, files: WritableTree, workspace: Workspace, name: str, given: Given, command: str
) -> Status:
    """`pixi add x`: the environment, and x. After `pixi update` nobody knows what is locked."""
    if command == "add" and _install(call, files, workspace, name, given) is Status.FAILURE:
        return Status.FAILURE
    unknown = Unknown(f"what pixi {command} leaves is not known", call.location, May.DISTRIBUTIONS)
    added = CondaPackages()
    for word in given.operands if command == "add" else ():
        if given.has("--pypi"):
            added.asked.want(word.text or "", call.location)
        else:
            added.add(word.text, call.location)
    told = added.installed() if command == "add" else None
    if told is not None:
        told = replace(told, by=call.location)
    fill(
        prefix_of(workspace, name),
        replace(unknown, installed=SitePackages((told,)) if told else None),
        added.python,
        files,
        is_new=True,
    )
    for path in (workspace.manifest, "pixi.lock"):
        there = follow(files, join(workspace.root, path))
        if isinstance(there.answer, Entry):
            files.write(there.path, replace(unknown, may=May.ANYTHING))
    return Status.UNKNOWN


def _hook(workspace: Workspace, name: str, call: Call) -> str:
    """What `pixi shell-hook` prints: the variables of the environment, then the activation of the project."""
    prefix = prefix_of(workspace, name)
    before = call.environment.get("PATH", "$PATH")
    lines = [
        f'export PATH="{prefix}/bin:{before}"',
        f'export CONDA_PREFIX="{prefix}"',
        f'export PIXI_PROJECT_NAME="{workspace.name}"',
        f'export PIXI_PROJECT_ROOT="{workspace.root}"',
        f'export PIXI_PROJECT_MANIFEST="{join(workspace.root, workspace.manifest)}"',
        f'export PIXI_ENVIRONMENT_NAME="{name}"',
        *workspace.activation(name),
    ]
    return "\n".join(lines) + "\n"


COMMANDS: dict[str, CommandFunction] = {"pixi": pixi}
