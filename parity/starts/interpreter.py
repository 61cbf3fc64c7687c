"""What does `python ...` run, and what stands first on its search path?

CPython: Modules/main.c (`pymain_run_python`), Python/pathconfig.c (`_PyPathConfig_ComputeSysPathArgv0`).
"""

from __future__ import annotations

from msgspec.structs import replace

from parity.model.command import Command
from parity.model.location import Unknown
from parity.programs.interpreter import by_shebang, invocation
from parity.programs.program import in_folder, is_file, is_folder
from parity.startup.entrypoint import Entrypoint, RunCode, RunFile, RunModule, Step
from parity.tree.base import FileTree, Packed, join
from parity.tree.links import follow
from parity.tree.zipped import MAIN, archive_at

ARCHIVES = (".zip", ".pyz", ".pex", ".whl", ".egg", ".shiv")


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    """`python x.py`, `-m x`, `-c "..."`, a folder, a heredoc, and scripts with a `#!` line."""
    called = invocation(command)
    if called is None:
        started = by_shebang(command, tree)
        called = invocation(started) if started is not None else None
        if started is None or called is None:
            return None
        command = started
    environment = (("PYTHONPATH", ""),) if called.flags & {"E", "I"} else ()
    here = () if called.is_safe(command) else (command.working_directory,)
    step: Step
    if called.module is not None:
        step = RunModule(called.module)
    elif called.code is not None:
        step = RunCode(called.code, command.location)
    elif called.flags & {"V", "h", "?"}:
        return Entrypoint("python", command, (), ())
    elif called.script in (None, "-"):
        if command.stdin is None:
            return None
        place = command.location
        below = replace(place, line=place.line + 1) if place and place.line else place  # a heredoc's body
        step = RunCode(command.stdin.decode("utf8", "surrogateescape"), below)
    else:
        found = _script(called.script, command, tree)
        if found is None:
            return None
        step, folder, whole = found
        here = (folder,) if whole or not called.is_safe(command) else ()
    return Entrypoint("python", command, here, (step,), environment)


def _script(name: str, command: Command, tree: FileTree) -> tuple[RunFile, str, bool] | None:
    """What runs, its entry of the search path, and whether that is a folder that is run as a whole."""
    if name == "-" or not name or "\0" in name:
        return None
    path = in_folder(command, name)
    if is_folder(tree, path) or _is_archive(tree, path):
        # CPython: a folder (or zip) with a __main__ is put on sys.path itself, with -I and -P too
        return RunFile(join(path, MAIN), path), path, True
    if is_file(tree, path):
        return RunFile(path), follow(tree, path).path.rpartition("/")[0] or "/", False
    return RunFile(path), path.rpartition("/")[0] or "/", False


def _is_archive(tree: FileTree, path: str) -> bool:
    """Is it a zip file, or one by its name where its content cannot be told?"""
    archive = archive_at(tree, path)
    return isinstance(archive, Packed) or (isinstance(archive, Unknown) and path.lower().endswith(ARCHIVES))
