"""Can the first program of the start command be executed at all? (execve(2), as runc calls it)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from parity.analysis.analysis import Analysis
from parity.analysis.moved_environment import python_elsewhere
from parity.analysis.start import is_project_copied
from parity.image.changes import may_be_changed
from parity.image.counterpart import checkout_folders
from parity.image.tree import ImageTree
from parity.model.command import Command
from parity.model.finding import CauseKind
from parity.model.location import May, Unknown
from parity.packages.programs import program_of
from parity.programs.wrappers import unwrap
from parity.tree.base import Absent, Entry, FileKind, below, join, parent_of, within
from parity.tree.links import follow
from parity.tree.which import places, which
from parity.verdict.judge import judge
from parity.verdict.question import Kind, NotChecked, Question

SHELLS = ("sh", "bash", "dash", "ash")
MOST_WRAPPERS = 5
PYTHON = re.compile(r"python[0-9.]*")
LONGEST_LINE = 256
"""Bytes of a `#!` line that Linux reads."""


class Refused(Struct, frozen=True):
    """A program that the kernel refuses.

    `path`      where it is, or should be, in the image
    `source`    its file in the checkout, if there is one
    `why`       what is wrong with it; empty where it is absent
    `says`      what the container says
    `certain`   False where another program of this name may be found instead
    `name`      as the command has it, where that is not its first word
    """

    path: str
    source: str | None
    why: str
    says: str
    fix: str = ""
    certain: bool = True
    doubt: Unknown | None = None
    name: str = ""

    @property
    def absent(self) -> bool:
        return not self.why


def refused_program(analysis: Analysis) -> Refused | None:
    """None where it can be executed, or that cannot be told. A base image's own command is taken to work."""
    command = analysis.command
    for _ in range(MOST_WRAPPERS):
        if command is None or command.location is None or not command.argv or not command.argv[0]:
            break
        refused = _refused_first(analysis, command, command.argv[0])
        if refused is not None:
            return refused
        command = unwrap(command)
    fatal = (one.entrypoint.command for one in analysis.startups if one.entrypoint.command.fatal)
    moved = (_of_moved_environment(analysis, one, one.argv[0]) for one in fatal if one.argv[0])
    return next((one for one in moved if one is not None), None)


def _refused_first(analysis: Analysis, command: Command, name: str) -> Refused | None:
    """Of a command without those that it is wrapped in (`tini --`)."""
    tree = analysis.image.tree
    if "/" in name:
        path = name if name.startswith("/") else f"{command.working_directory}/{name}"
        refused = _refused(tree, name, path)
        if refused is not None:
            return _judged(analysis, name, refused) if refused.absent else refused
    else:
        refused = _on_path(tree, name, command.environment)
        if refused is None and analysis.image.planned is not None and program_of(command) is None:
            refused = _nowhere(tree, name, command)
    return refused or _script_refused(analysis, command)


def _of_moved_environment(analysis: Analysis, command: Command, name: str) -> Refused | None:
    """A script of a virtual environment that was copied to another folder, where nothing before it on PATH is known."""
    if PYTHON.fullmatch(name.rpartition("/")[2]):
        return None  # a link to the interpreter of the system
    for place in places(name, command.environment, command.working_directory):
        if isinstance(follow(analysis.image.tree, place).answer, Absent):
            continue
        python = python_elsewhere(analysis.image, place)
        if python is None:
            return None
        return Refused(
            place,
            None,
            f"a script for {python}, which is not in the image: the environment was copied to another folder",
            f"exec {place}: no such file or directory",
            f"copy the environment to the folder that it was made in, {parent_of(parent_of(python))}",
            certain=False,
        )
    return None


def _script_refused(analysis: Analysis, command: Command) -> Refused | None:
    """`bash run.sh`, where there is no such script. POSIX: sh, without a slash in the name PATH is searched as well."""
    shell, script = command.argv[0], command.argv[1] if len(command.argv) > 1 else None
    if not shell or shell.rpartition("/")[2] not in SHELLS or not script or script.startswith(("-", "+")):
        return None
    tree = analysis.image.tree
    path = join(command.working_directory, script)
    found = follow(tree, path)
    if not isinstance(found.answer, Absent):
        return None
    certain = True
    if "/" not in script:
        folders = (command.environment.get("PATH") or "").split(":")
        answers = [follow(tree, join(folder, script)).answer for folder in folders if folder.startswith("/")]
        if any(isinstance(answer, Entry) for answer in answers):
            return None
        certain = not any(isinstance(answer, Unknown) for answer in answers)
    source = _in_checkout(analysis, path) or _in_context(analysis, script)
    says = f"{shell.rpartition('/')[2]}: {script}: No such file or directory"
    return Refused(found.path, source, "", says, certain=certain, name=script)


def is_hidden(refused: Refused, analysis: Analysis) -> bool:
    """Does the image have it, with a mount over it?"""
    return refused.absent and analysis.why_absent(refused.path, refused.source or "").kind is CauseKind.VOLUME


def missing_folder(analysis: Analysis) -> str | None:
    """The image path that a start script enters, and that is not there although the checkout fills the folder above."""
    stopped = analysis.stopped.command if analysis.stopped is not None else None
    tree = analysis.image.tree
    target = stopped.argv[-1] if stopped is not None and len(stopped.argv) == 2 else None
    if stopped is None or not target or stopped.argv[0] not in ("cd", "chdir", "pushd"):
        return None
    path = join(stopped.working_directory, target)
    above = parent_of(path)
    if any(within(path, volume) for volume in analysis.image.config.volumes):
        return None
    return path if isinstance(tree.lookup(path), Absent) and checkout_folders(tree, above) else None


def _on_path(tree: ImageTree, name: str, environment: Mapping[str, str]) -> Refused | None:
    """The first that is executable is taken. None as well where none is found: a folder may not be known."""
    first: Refused | None = None
    certain = settled = True
    for place in places(name, environment, None):
        answer = follow(tree, place).answer
        if isinstance(answer, Unknown):
            certain = False
            settled = settled and all(step.may is May.NOTHING for step in answer.steps)
        elif isinstance(answer, Entry):
            refused = _refused(tree, name, place)
            if refused is None or refused.absent:
                return None
            first = first or refused
    if first is None and settled and PYTHON.fullmatch(name):
        # Of other programs PAR602 says which distribution would bring them.
        says = f'exec: "{name}": executable file not found in $PATH'
        fix = "use a base image that has Python, or install it"
        if name == "python" and not isinstance(follow(tree, "/usr/bin/python3").answer, Absent):
            fix = "start it with python3, or install python-is-python3: the package python3 brings no python"
        return Refused(f"/usr/bin/{name}", None, "in no folder of PATH", says, fix, certain=certain)
    return first and replace(first, certain=certain)


def _nowhere(tree: ImageTree, name: str, command: Command) -> Refused | None:
    """Of an image all of whose files are known."""
    if which(name, command.environment, tree, command.working_directory) is not None:
        return None
    says = f'exec: "{name}": executable file not found in $PATH'
    return Refused(f"/usr/local/bin/{name}", None, "in no folder of PATH", says, "install it in the image")


def _judged(analysis: Analysis, name: str, refused: Refused) -> Refused | None:
    """Is the program really absent? None where a step that cannot be read may have made it."""
    folder = analysis.image.config.working_directory
    source = _in_checkout(analysis, refused.path)
    if source is None and within(refused.path, folder):
        source = _in_context(analysis, below(refused.path, folder))
    question = Question(
        kind=Kind.PROGRAM,
        subject=name,
        path=refused.path,
        in_checkout=source or "",
        doubt=refused.doubt,
        git_ignored=bool(refused.doubt and source) and analysis.git_ignored(source or ""),
        project_copied=is_project_copied(analysis.image),
    )
    answer = judge(question)
    if isinstance(answer, NotChecked) or (not source and refused.doubt is not None):
        return None
    return replace(refused, source=source, certain=answer.certain)


def _in_context(analysis: Analysis, name: str) -> str | None:
    """The file that would be there, had a COPY brought the whole context into the working directory."""
    source = analysis.image.context.checkout_path(join("/", name))
    return source if isinstance(analysis.checkout.lookup(source), Entry) else None


def _in_checkout(analysis: Analysis, path: str) -> str | None:
    """The file that would be there, had it been copied with the folder."""
    folder, _, name = join("/", path).rpartition("/")
    for one in checkout_folders(analysis.image.tree, folder or "/"):
        source = join(one, name)
        if isinstance(analysis.checkout.lookup(source), Entry):
            return source
    return None


def _refused(tree: ImageTree, name: str, path: str) -> Refused | None:
    found = follow(tree, path)
    entry, where = found.answer, found.path
    if not isinstance(entry, Entry):
        says = f'exec: "{name}": stat {path}: no such file or directory'
        return Refused(where, None, "", says, doubt=entry if isinstance(entry, Unknown) else None)
    if may_be_changed(tree, where):
        return None
    if entry.kind is FileKind.DIRECTORY:
        return Refused(where, None, "a folder", f'exec: "{name}": is a directory')
    if entry.mode is not None and not entry.mode & 0o111:
        return Refused(
            where,
            entry.source,
            "not executable",
            f'exec: "{name}": permission denied',
            f"copy it with COPY --chmod=755, or add: RUN chmod +x {where}",
        )
    content = tree.read(where)
    if isinstance(content, Unknown) or content.startswith(b"\x7fELF"):
        return None
    line = content[:LONGEST_LINE].partition(b"\n")[0]
    if not line.startswith(b"#!"):
        why = "neither a program nor a script with a #! line"
        return Refused(where, entry.source, why, f"exec {path}: exec format error", "begin it with #!/bin/sh")
    if line.endswith(b"\r"):
        return Refused(
            where,
            entry.source,
            "written with Windows line endings: its #! line ends in a carriage return",
            f"exec {path}: no such file or directory",
            "save it with LF line endings",
        )
    return _interpreter_refused(tree, path, where, entry.source, line)


def _interpreter_refused(
    tree: ImageTree, path: str, where: str, source: str | None, line: bytes
) -> Refused | None:
    words = line[2:].decode("utf8", "replace").split()
    if not words or not words[0].startswith("/") or not isinstance(follow(tree, words[0]).answer, Absent):
        return None
    return Refused(
        where,
        source,
        f"a script for {words[0]}, which is not in the image",
        f"exec {path}: no such file or directory",
        f"install {words[0]}, or write the script for another shell",
    )
