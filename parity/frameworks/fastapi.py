"""What does `fastapi run` import? (read from and run against fastapi-cli 0.0.34)

A file (by default main.py, app.py, api.py, then those in app/) becomes a module with the packages around it;
the folder above them is inserted first on the search path. `--entrypoint module:app`, or `entrypoint` of
[tool.fastapi] in pyproject.toml, is imported from the working directory.
"""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.options import Word, options, read
from parity.programs.program import in_folder, is_file, name_of, script_folder, text_at, unique, words_of
from parity.starts.application import application, is_module
from parity.starts.file_module import file_module
from parity.startup.entrypoint import Entrypoint, ImportModule
from parity.tree.base import FileTree
from parity.tree.toml import tables_of

PROGRAMS = ("fastapi",)
BY_MODULE = {"fastapi": "fastapi", "fastapi_cli": "fastapi"}

OPTIONS = options(
    "--app --entrypoint --forwarded-allow-ips --host --port --reload-dir --root-path --workers -e",
    "--no-proxy-headers --no-reload --proxy-headers --reload --verbose -v --no-verbose --help",
)
BEFORE = options("", "--version --verbose --no-verbose --help", interspersed=False)
DEFAULTS = ("main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py")


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    if name_of(command) != "fastapi":
        return None
    before = read(words_of(command), BEFORE)
    if before.unclear or before.operands[:1] not in (("run",), ("dev",)):
        return None
    given = read(before.operands[1:], OPTIONS)
    named = [word for word in given.operands if word is not None]
    names = ("--app", "--entrypoint", "-e")
    if given.unclear or len(named) > 1 or len(named) != len(given.operands) or not given.told(*names):
        return None
    wanted: Word = given.value("--entrypoint", "-e")
    app = given.value("--app")
    if not (wanted or named or app):
        wanted = _configured(command, tree)
    if wanted:
        target = application(wanted)
        if target is None or not target.attribute or target.call:
            return None
        path = unique(command.working_directory, *script_folder(command, tree))
        return Entrypoint("fastapi", command, path, (target.step(),))
    candidates = named or [name for name in DEFAULTS if is_file(tree, in_folder(command, name))]
    if not candidates:
        return None
    found = file_module(in_folder(command, candidates[0]), tree)
    if not is_module(found.name):
        return None
    path = unique(found.folder, *script_folder(command, tree))
    return Entrypoint("fastapi", command, path, (ImportModule(found.name, app or ""),))


def _configured(command: Command, tree: FileTree) -> str | None:
    text = text_at(tree, in_folder(command, "pyproject.toml"))
    tool = (tables_of(text or "") or {}).get("tool")
    table = tool.get("fastapi") if isinstance(tool, dict) else None
    value = table.get("entrypoint") if isinstance(table, dict) else None
    return value if isinstance(value, str) else None
