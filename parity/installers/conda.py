"""What does conda (mamba, micromamba) do to the files? Its prefix cannot be told from then on."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from parity.installers.conda_prefix import build_projects, fill
from parity.installers.subcommand import Subcommand, subcommand
from parity.model.location import May, Unknown
from parity.model.packages import SitePackages
from parity.packages.conda_packages import CondaPackages, read_listing
from parity.packages.environment import find_program
from parity.packages.options import Given, read
from parity.programs.arguments import CommandFunction
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Runs, Unreadable
from parity.shell.status import Status
from parity.shell.word import Word
from parity.tree.base import Absent, Entry, join
from parity.tree.links import follow
from parity.tree.writable import WritableTree

VALUED = "-n --name -p --prefix -f --file -c --channel -s --cwd --solver --platform --subdir -r --root-prefix"
HARMLESS = frozenset(
    "init config info list clean search activate deactivate shell index doctor --version".split()
)
CHANGES = frozenset(["install", "create", "update", "upgrade", "remove", "uninstall", "env", "build-env"])


def conda(call: Call, files: WritableTree) -> Status | Runs | Unreadable:
    called = subcommand(call, VALUED, HARMLESS)
    if not isinstance(called, Subcommand):
        return called
    command, words = called.name, called.words
    if command == "run":
        return _run(call, files, words)
    if command not in CHANGES:
        return UNREADABLE
    given = read(words, VALUED)
    asked = _asked(call, files, command, given)
    if asked is None:
        return Status.FAILURE
    makes = command == "create" or (command == "env" and given.operand(0) == "create")
    adds = makes or command == "install" or (command == "env" and given.operand(0) == "update")
    packages = asked.packages
    can_tell = adds and not given.has("--clone") and not (makes and packages.python is None)
    told = packages.installed() if can_tell else None
    unknown = Unknown(
        f"what {call.program[:20]} installs is not known",
        call.location,
        May.of_installer(others_only=asked.third_party),
        installed=SitePackages((replace(told, by=call.location),)) if told else None,
    )
    status = Status.UNKNOWN
    for folder in prefixes(call, files, given, asked.environment):
        is_new = makes and follow(files, folder).path != _root(call, files)
        environment = fill(folder, unknown, packages.python, files, is_new=is_new)
        if build_projects(packages.asked.local, environment, call, files, others=True) is Status.FAILURE:
            status = Status.FAILURE
    return status


class _Asked(Struct):
    """`environment`: the name that a file gives it; `third_party`: nothing but projects that are known is built."""

    packages: CondaPackages = field(default_factory=CondaPackages)
    environment: str | None = None
    third_party: bool = True


def _asked(call: Call, files: WritableTree, command: str, given: Given) -> _Asked | None:
    """What the operands and the files name; None: a file is not there."""
    asked = _Asked()
    for word in given.operands if command in ("install", "create") else ():
        asked.packages.add(word.text, call.location)
    listings = given.all("-f", "--file")
    for text in listings or (("environment.yml",) if command == "env" else ()):
        found = follow(files, join(call.working_directory or "/", text)) if text else None
        if found is not None and isinstance(found.answer, Absent) and listings:
            return None
        content = files.read(found.path) if found else None
        if command in ("env", "create"):
            asked.environment = asked.environment or _name_in(content)
        if found is None or not isinstance(content, bytes):
            asked.packages.told = asked.third_party = False
            continue
        source = found.answer.source if isinstance(found.answer, Entry) else None
        read_listing(asked.packages, content, found.path, (source or "").lstrip("/"), files, call)
    unknown = asked.packages.asked.unknown
    if (unknown is not None and not unknown.third_party) or asked.packages.asked.missing:
        asked.third_party = False
    return asked


def _root(call: Call, files: WritableTree) -> str:
    if (root := call.environment.get("MAMBA_ROOT_PREFIX", "")).startswith("/"):
        return root
    text = call.argv[0] or "conda"
    path = text if text.startswith("/") else find_program("conda", call.environment, files)
    folder = (path or "/opt/conda/bin/conda").rpartition("/")[0].rpartition("/")[0]
    folder = re.sub(r"/envs/[^/]+$", "", folder)  # an environment's folder may come first on PATH
    return "/opt/conda" if folder in ("", "/usr", "/usr/local") else folder


def _name_in(content: bytes | Unknown | None) -> str | None:
    """`name:` of an environment file."""
    found = (
        re.search(rb"^name:\s*[\"']?([\w.-]+)", content, re.MULTILINE) if isinstance(content, bytes) else None
    )
    return found[1].decode("ascii", "replace") if found else None


def prefixes(call: Call, files: WritableTree, given: Given, named: str | None = None) -> list[str]:
    """`named`: the environment that the file names, which `conda env` takes where no option does."""
    if prefix := given.last("-p", "--prefix"):
        return [join(call.working_directory or "/", prefix)]
    root = _root(call, files)
    name = given.last("-n", "--name") or named
    if name and name != "base" and re.fullmatch(r"[\w.-]+", name):
        return [join(root, f"envs/{name}")]
    active = call.environment.get("CONDA_PREFIX", "")
    return [root, active] if active.startswith("/") and active != root else [root]


def active_environment(environment: Mapping[str, str]) -> str:
    """The folder of the one that is active, other than base; empty where none is."""
    prefix = environment.get("CONDA_PREFIX", "")
    return prefix if "/envs/" in prefix else ""


def _run(call: Call, files: WritableTree, words: tuple[Word, ...]) -> Runs | Unreadable:
    names = frozenset(VALUED.split())
    number = 0
    while number < len(words) and (words[number].text or "-").startswith("-"):
        if words[number].text is None:
            return UNREADABLE
        number += 2 if words[number].text in names else 1
    if number >= len(words):
        return UNREADABLE
    prefix = prefixes(call, files, read(words[:number], VALUED))[0]
    path = f"{prefix}/bin:{call.environment.get('PATH', '')}"
    return Runs(
        replace(
            call, words=words[number:], environment={**call.environment, "CONDA_PREFIX": prefix, "PATH": path}
        )
    )


COMMANDS: dict[str, CommandFunction] = {"conda": conda, "mamba": conda, "micromamba": conda}
