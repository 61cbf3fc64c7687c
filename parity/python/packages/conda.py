"""What does conda (mamba, micromamba) do to the files? Its prefix cannot be told from then on."""

from __future__ import annotations

import re
from dataclasses import replace

from parity.model.location import Unknown
from parity.model.version import PythonVersion
from parity.python.packages.environment import find_program
from parity.python.packages.options import Given, read, split_command
from parity.shell.host import Call
from parity.shell.status import Status
from parity.shell.word import Word
from parity.tree.base import Absent, join
from parity.tree.links import follow
from parity.tree.writable import WritableTree

VALUED = "-n --name -p --prefix -f --file -c --channel -s --cwd --solver --platform --subdir -r --root-prefix"
HARMLESS = frozenset(
    [
        "init",
        "config",
        "info",
        "list",
        "clean",
        "search",
        "activate",
        "deactivate",
        "shell",
        "index",
        "doctor",
        "--version",
    ]
)
CHANGES = frozenset(["install", "create", "update", "upgrade", "remove", "uninstall", "env", "build-env"])
PINNED = re.compile(r"(?:[\w-]+::)?python *={1,2} *(3\.\d+)(?:\.[\d*]+)*(?:=.*)?")
PINNED_IN_FILE = re.compile(rb"^\s*-\s*[\"']?(?:[\w-]+::)?python *={1,2} *(3\.\d+)", re.MULTILINE)
LOCAL = re.compile(rb"^\s*-\s*(-e\b|-r\b|\.|file:|/)|@\s*file:", re.MULTILINE)


def conda(call: Call, files: WritableTree) -> Status | Call | None:
    _, command, words = split_command(call.words[1:], VALUED)
    if command in HARMLESS or (not command and not any(word.text is None for word in call.words)):
        return Status.UNKNOWN
    if call.working_directory is None:
        return None
    if command == "run":
        return _run(call, files, words)
    if command not in CHANGES:
        return None
    given = read(words, VALUED)
    third_party = True
    named: str | None = None
    pinned = (PINNED.fullmatch(word.text or "") for word in given.operands)
    version = next((PythonVersion.parse(one[1]) for one in pinned if one), None)
    for text in given.all("-f", "--file"):
        path = follow(files, join(call.working_directory, text)) if text else None
        if path is not None and isinstance(path.answer, Absent):
            return Status.FAILURE
        content = files.read(path.path) if path else None
        if command in ("env", "create"):
            named = named or _name_in(content)
        if isinstance(content, bytes) and (found := PINNED_IN_FILE.search(content[:1_000_000])):
            version = PythonVersion.parse(found[1].decode("ascii"))
        if not isinstance(content, bytes) or LOCAL.search(content[:1_000_000]):
            third_party = False
    if command == "env" and not given.has("-f", "--file"):
        third_party = False
    unknown = Unknown(f"what {call.program[:20]} installs is not known", call.location, third_party)
    for folder in _prefixes(call, files, given, named):
        path_there = follow(files, folder).path
        files.make_directory(path_there)
        files.obscure(path_there, unknown)
        if version is not None:
            scripts = join(path_there, "bin")
            files.make_directory(scripts)
            files.write(join(scripts, f"python{version}"), unknown, 0o755)
            for name in ("python", "python3"):
                files.link(join(scripts, name), f"python{version}")
    return Status.UNKNOWN


def _root(call: Call, files: WritableTree) -> str:
    if (root := call.environment.get("MAMBA_ROOT_PREFIX", "")).startswith("/"):
        return root
    text = call.argv[0] or "conda"
    path = text if text.startswith("/") else find_program("conda", call.environment, files)
    folder = (path or "/opt/conda/bin/conda").rpartition("/")[0].rpartition("/")[0]
    return "/opt/conda" if folder in ("", "/usr", "/usr/local") else folder


def _name_in(content: bytes | Unknown | None) -> str | None:
    """`name:` of an environment file."""
    found = (
        re.search(rb"^name:\s*[\"']?([\w.-]+)", content, re.MULTILINE) if isinstance(content, bytes) else None
    )
    return found[1].decode("ascii", "replace") if found else None


def _prefixes(call: Call, files: WritableTree, given: Given, named: str | None = None) -> list[str]:
    """`named`: the environment that the file names, which `conda env` takes where no option does."""
    if prefix := given.last("-p", "--prefix"):
        return [join(call.working_directory or "/", prefix)]
    root = _root(call, files)
    name = given.last("-n", "--name") or named
    if name and name != "base" and re.fullmatch(r"[\w.-]+", name):
        return [join(root, f"envs/{name}")]
    active = call.environment.get("CONDA_PREFIX", "")
    return [root, active] if active.startswith("/") and active != root else [root]


def _run(call: Call, files: WritableTree, words: tuple[Word, ...]) -> Call | None:
    names = frozenset(VALUED.split())
    number = 0
    while number < len(words) and (words[number].text or "-").startswith("-"):
        if words[number].text is None:
            return None
        number += 2 if words[number].text in names else 1
    if number >= len(words):
        return None
    prefix = _prefixes(call, files, read(words[:number], VALUED))[0]
    path = f"{prefix}/bin:{call.environment.get('PATH', '')}"
    return replace(call, words=words[number:], environment={**call.environment, "PATH": path})
